"""The tests that Jupyter has for kernels, on golmm."""

import unittest

import jupyter_kernel_test


class GolmmTests(jupyter_kernel_test.KernelTests):
    kernel_name = "golmm"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = '%%\nfmt.Println("hello, world")'
    code_stderr = '%%\nfmt.Fprintln(os.Stderr, "a warning")'
    completion_samples = [{"text": "nb.Da", "matches": {"Data"}}]
    complete_code_samples = ["x := 1", "fmt.Println(1)", "%%\nfmt.Println(1)", ""]
    incomplete_code_samples = ["for {", "fmt.Println(", "func f() int {\n\treturn 1"]
    invalid_code_samples = ["x := )", "func ]"]
    code_display_data = [{"code": '%%\nnb.Show("shown")', "mime": "text/plain"}]

    def test_history(self):
        """Jupyter's own test wants cells whose value is an execute_result; a value here is a display."""
        codes = ["6 * 7", "var seven = 7", "6 * 7"]

        def history(**wanted):
            return self.history_helper(codes, output=False, raw=True, **wanted)["content"]["history"]

        tail = history(hist_access_type="tail", n=3)
        self.assertEqual([code for _, _, code in tail], codes)
        session, start, _ = tail[0]
        one = history(hist_access_type="range", session=session, start=start, stop=start + 1)
        self.assertEqual(one, [tail[0]])
        found = history(hist_access_type="search", pattern="6 ?*7")
        self.assertGreaterEqual(len(found), 6)
        self.assertEqual(len(history(hist_access_type="search", pattern="6 ?*7", unique=True)), 1)

    def test_failing_cell(self):
        """A cell that fails may say why in several messages; Jupyter's own test allows one."""
        self.flush_channels()
        reply, messages = self.execute_helper(code='%%\nlog.Fatal("no such thing")')
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual(sum(m["msg_type"] == "error" for m in messages), 1)
        self.assertIn("no such thing", "".join(m["content"].get("text", "") for m in messages))


if __name__ == "__main__":
    unittest.main()
