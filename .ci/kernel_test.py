"""The tests that Jupyter has for kernels, on golmm."""

import unittest

import jupyter_kernel_test


class GolmmTests(jupyter_kernel_test.KernelTests):
    kernel_name = "golmm"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = '%%\nfmt.Println("hello, world")'
    code_stderr = '%%\nfmt.Fprintln(os.Stderr, "a warning")'
    code_display_data = [{"code": '%%\nnb.Show("shown")', "mime": "text/plain"}]

    def test_failing_cell(self):
        """A cell that fails may say why in several messages; Jupyter's own test allows one."""
        self.flush_channels()
        reply, messages = self.execute_helper(code='%%\nlog.Fatal("no such thing")')
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual(sum(m["msg_type"] == "error" for m in messages), 1)
        self.assertIn("no such thing", "".join(m["content"].get("text", "") for m in messages))


if __name__ == "__main__":
    unittest.main()
