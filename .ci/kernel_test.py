"""The tests that Jupyter has for kernels, on golmm."""

import unittest

import jupyter_kernel_test
from jupyter_client.utils import run_sync
from jupyter_kernel_test.msgspec_v5 import validate_message

# Seconds that anything may take on a busy machine.
PATIENCE = 120
jupyter_kernel_test.TIMEOUT = PATIENCE


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

    def flush_channels(self):
        """Jupyter's own takes a tenth of a second of silence for the end of what may still come."""
        msg_id = self.kc.kernel_info()
        while self.kc.get_shell_msg(timeout=PATIENCE)["parent_header"].get("msg_id") != msg_id:
            pass
        self.published(msg_id)

    def published(self, msg_id):
        """The messages that answer a request until the kernel is idle. Others are passed over, as front ends do."""
        messages = []
        while not messages or messages[-1]["content"].get("execution_state") != "idle":
            m = run_sync(self.kc.iopub_channel.get_msg)(timeout=PATIENCE)
            if m["parent_header"].get("msg_id") == msg_id:
                validate_message(m, m["msg_type"], msg_id)
                messages.append(m)
        return messages

    def execute_helper(self, code, timeout=PATIENCE, silent=False, store_history=True, stop_on_error=True):
        """Jupyter's own waits a tenth of a second for each message."""
        msg_id = self.kc.execute(code=code, silent=silent, store_history=store_history, stop_on_error=stop_on_error)
        reply = self.get_non_kernel_info_reply(timeout=timeout)
        validate_message(reply, "execute_reply", msg_id)
        messages = self.published(msg_id)
        self.assertEqual(messages[0]["content"].get("execution_state"), "busy")
        said = [m["content"]["code"] for m in messages if m["msg_type"] == "execute_input"]
        self.assertEqual(said, [code])
        return reply, [m for m in messages[1:-1] if m["msg_type"] != "execute_input"]

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
