"""The tests that Jupyter has for kernels, on golmm."""

import unittest

import jupyter_kernel_test


class GolmmTests(jupyter_kernel_test.KernelTests):
    kernel_name = "golmm"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = '%%\nfmt.Println("hello, world")'
    code_stderr = '%%\nfmt.Fprintln(os.Stderr, "a warning")'
    code_generate_error = '%%\nlog.Fatal("no such thing")'
    code_display_data = [{"code": '%%\nnb.Show("shown")', "mime": "text/plain"}]


if __name__ == "__main__":
    unittest.main()
