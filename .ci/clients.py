"""What real clients of Jupyter see of the installed kernel, where the machine or the user
makes it hard.

    clients.py GOLMM

GOLMM is the installed program. Jupyter must know the kernel (JUPYTER_DATA_DIR). Prints
a line "pass: ..." or "fail: ..." for each check. It mounts small file systems, as root or by sudo.
"""

import html.parser
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

FIT = 'nb.Fit("Reaction ~ Days + (Days | Subject)", nb.Data("sleepstudy"))'
CELLS = [
    'var sleep = nb.Data("sleepstudy")\nsleep',
    "var m = " + FIT.replace('nb.Data("sleepstudy")', "sleep"),
    "nb.Show(m)",
    "plots.Caterpillar(m)",
    "func twice(x float64) float64 { return 2 * x }\ntwice(21)",
    'fmt.Println("text")',
    "nb.Diagnose(m)",
    "nb.Compare(m, " + FIT.replace("(Days |", "(1 |") + ")",
    "import \"math\"\nmath.Pi",
    'type row struct{ A int; B string }\n[]row{{1, "x"}, {2, "<script>"}}',
]
SILENT = {1}  # a declaration

# What mounts file systems.
AS_ROOT = [] if os.getuid() == 0 else ["sudo"]

# Seconds that what is to end may take on a busy machine.
PATIENCE = 60


def report(ok, what):
    print(("pass: " if ok else "fail: ") + what, flush=True)
    return ok


def notebook(cells):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    nb.metadata["kernelspec"] = {"name": "golmm", "display_name": "golmm", "language": "go"}
    return nb


def execute(cells, path=None, env=None, allow_errors=False):
    """Executes cells with nbclient and returns the notebook and the seconds."""
    nb = notebook(cells)
    resources = {"metadata": {"path": str(path)}} if path else {}
    began = time.monotonic()
    client = NotebookClient(nb, kernel_name="golmm", timeout=600, startup_timeout=300, resources=resources, allow_errors=allow_errors)
    client.execute(env={**os.environ, **(env or {})})
    return nb, time.monotonic() - began


def text(output):
    if output.output_type == "stream":
        return output.text
    if output.output_type == "error":
        return "error: " + output.evalue
    return output.data.get("text/plain", "") + output.data.get("text/html", "")


def shown(nb):
    return ["".join(text(o) for o in c.outputs) for c in nb.cells]


def complete(nb, silent=()):
    """What is wrong with the outputs of a notebook, "" if nothing."""
    for i, s in enumerate(shown(nb)):
        if (i in silent) != (s.strip() == "") or "error: " in s:
            return f"cell {i + 1}: {s[:300]!r}"
    return ""


def remaining(things):
    """What is still there of things, a function, when they had the time to go."""
    end = time.monotonic() + PATIENCE
    while (left := things()) and time.monotonic() < end:
        time.sleep(0.1)
    return left


def try_to(what, f):
    """Reports what f returns: "" for passed, or what is wrong."""
    try:
        wrong = f()
    except Exception as e:  # a check that breaks has failed, and the next ones shall run
        wrong = f"{type(e).__name__}: {e}"
    report(not wrong, what + (f": {wrong}" if wrong else ""))


def twenty():
    times = []
    for _ in range(20):
        nb, took = execute(CELLS)
        wrong = complete(nb, SILENT)
        if wrong:
            return f"run {len(times) + 1}: {wrong}"
        times.append(took)
    print(f"times of 10 cells: median {statistics.median(times):.2f} s, from {min(times):.2f} to {max(times):.2f}")
    return ""


class Outputs(html.parser.HTMLParser):
    """Counts the outputs of a page, and those that show something."""

    def __init__(self):
        super().__init__()
        self.outputs, self.full, self.depth, self.seen = 0, 0, 0, False

    def handle_starttag(self, tag, attrs):
        if tag == "div" and self.depth > 0:
            self.depth += 1
        elif tag == "div" and re.search(r"jp-OutputArea-output\b", dict(attrs).get("class") or ""):
            self.depth, self.seen = 1, False
            self.outputs += 1
        elif self.depth > 0 and tag in ("img", "circle", "path"):
            self.seen = True

    def handle_endtag(self, tag):
        if tag == "div" and self.depth > 0:
            self.depth -= 1
            if self.depth == 0:
                self.full += self.seen

    def handle_data(self, data):
        if self.depth > 0 and data.strip():
            self.seen = True


def page():
    nb, _ = execute(CELLS)
    body, _ = HTMLExporter().from_notebook_node(nb)
    counter = Outputs()
    counter.feed(body)
    if counter.outputs < 9 or counter.full != counter.outputs:
        return f"{counter.full} of {counter.outputs} outputs show something"
    if "<script>" in body.split("</head>")[1].replace('<script type="', ""):
        return "a level named <script> was not escaped"
    return ""


def two_at_once():
    wrong = []

    def one():
        nb, _ = execute(CELLS)
        wrong.append(complete(nb, SILENT))

    threads = [threading.Thread(target=one) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return "".join(wrong) if len(wrong) == 2 else "one did not end"


def strange_paths(folder):
    place = folder / "Jörg's été 名 notes"
    temp = folder / "tmp with blanks é"
    place.mkdir()
    temp.mkdir()
    (place / "données 1.csv").write_text("y,x,g\n" + "".join(f"{i * 1.5 + i % 3},{i},{'abc'[i % 3]}\n" for i in range(12)))
    nb, _ = execute(['nb.Fit("y ~ x + (1 | g)", nb.Data("données 1.csv"))'], place, {"TMPDIR": str(temp)})
    wrong = complete(nb)
    left = remaining(lambda: list(temp.iterdir()))
    return wrong or (f"left in the folder for temporary files: {left}" if left else "")


def users_settings():
    nb, _ = execute([CELLS[4], FIT], env={"GOFLAGS": "-mod=mod", "GOWORK": "off", "GO111MODULE": "off", "GOOS": "plan9", "CGO_ENABLED": "1"})
    return complete(nb)


def users_modules():
    cell = 'import humanize "github.com/dustin/go-humanize"\nhumanize.Bytes(82854982)'
    for wait in (20, 40, 0):  # the network may fail for a moment
        nb, _ = execute([cell, FIT], env={"GOLMM_AUTOGET": "1", "GOPROXY": os.environ.get("CI_GOPROXY", "")}, allow_errors=True)
        if not re.search(r"dial tcp|i/o timeout|TLS|reset by peer|unexpected EOF|50\d ", "\n".join(shown(nb))):
            break
        time.sleep(wait)
    return complete(nb) or ("" if "83 MB" in shown(nb)[0] else shown(nb)[0])


class Mounted:
    """A small file system, for the time of a with statement."""

    def __init__(self, folder, options):
        self.folder, self.options = folder, options

    def __enter__(self):
        self.folder.mkdir()
        subprocess.run([*AS_ROOT, "mount", "-t", "tmpfs", "-o", self.options, "tmpfs", str(self.folder)], check=True)
        return self.folder

    def __exit__(self, *_):
        subprocess.run([*AS_ROOT, "umount", "-l", str(self.folder)], check=True)


def full_cache(folder):
    with Mounted(folder / "full", "size=32k") as small:
        (small / "golmm").mkdir()
        with open(small / "fill", "wb") as f:
            try:
                f.write(bytes(1 << 20))
            except OSError:
                pass
        boot = f"nb.Bootstrap({FIT}, &infer.BootstrapOptions{{Replicates: 500, Seed: 1}})"
        nb, _ = execute([boot, "6 * 7"], env={"XDG_CACHE_HOME": str(small), "GOLMM_CACHE": "on"})
        first, second = shown(nb)
        if "42" not in second:
            return "the session did not live: " + second
        return "" if re.search(r"not kept.*(no space|space left)", first, re.S) else "nothing says that the result was not kept: " + first[-600:]


def noexec(folder, golmm):
    with Mounted(folder / "noexec", "size=64m,noexec") as temp:
        done = subprocess.run([golmm, "doctor", "--quick"], env={**os.environ, "TMPDIR": str(temp)}, capture_output=True, text=True)
        if done.returncode != 1 or "may not run" not in done.stdout:
            return f"code {done.returncode}: {done.stdout}"
    return ""


def full_temporary(folder):
    """A folder for temporary files without room: a clear message, and the session lives."""
    with Mounted(folder / "small", "size=3m") as temp:
        nb, _ = execute([FIT, "6 * 7"], env={"TMPDIR": str(temp)}, allow_errors=True)
        said = "\n".join(shown(nb))
        return "" if "there is no room to build the cell" in said else said[:800]


CLIENT = """
import sys, time
from jupyter_client.manager import KernelManager
km = KernelManager(kernel_name="golmm")
km.start_kernel()
kc = km.client()
kc.start_channels()
kc.wait_for_ready(timeout=300)
kc.execute('fmt.Println("runs"); time.Sleep(time.Hour)')
while True:
    m = kc.get_iopub_msg(timeout=300)
    if m["msg_type"] == "stream" and "runs" in m["content"]["text"]:
        print("runs", flush=True)
        time.sleep(3600)
"""


def users_of(folder):
    """The processes that have the folder in their environment or command line."""
    found = []
    for p in pathlib.Path("/proc").iterdir():
        if not p.name.isdigit() or int(p.name) == os.getpid():
            continue
        try:
            if str(folder).encode() in (p / "environ").read_bytes() + (p / "cmdline").read_bytes():
                found.append((int(p.name), (p / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:80]))
        except OSError:
            pass
    return found


def killed_client(folder):
    temp = folder / "killed"
    temp.mkdir()
    client = subprocess.Popen([sys.executable, "-c", CLIENT], stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": str(temp)})
    if client.stdout.readline().strip() != b"runs":
        return "the cell did not begin"
    before = len(users_of(temp))
    client.send_signal(signal.SIGKILL)
    client.wait()
    left = remaining(lambda: users_of(temp) + [p.name for p in temp.iterdir() if p.name.startswith("golmm-")])
    if before < 4 or left:
        return f"of {before} processes and their folders {left} are left after {PATIENCE} s"
    return ""


def killed_gonb(folder):
    temp = folder / "gonb"
    temp.mkdir()
    nb, _ = execute(["6 * 7", "syscall.Kill(os.Getppid(), syscall.SIGKILL); time.Sleep(10 * time.Second)", "7 * 8"], env={"TMPDIR": str(temp)}, allow_errors=True)
    said = shown(nb)
    if "42" not in said[0] or "GoNB" not in said[1] or "56" not in said[2]:
        return repr(said)
    left = remaining(lambda: users_of(temp))
    return f"left: {left}" if left else ""


def main():
    golmm = sys.argv[1]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        try_to("nbclient: 20 of 20 runs of 10 cells are clean", twenty)
        try_to("nbconvert: no output of the page is blank, none runs", page)
        try_to("two notebooks at once", two_at_once)
        try_to("blanks and letters beyond ASCII in paths", lambda: strange_paths(folder))
        try_to("GOFLAGS=-mod=mod, GOWORK=off and others of the user do no harm", users_settings)
        try_to("GOLMM_AUTOGET=1: a cell imports a module of others", users_modules)
        try_to("kill -9 of the client: no process and no folder is left", lambda: killed_client(folder))
        try_to("kill -9 of GoNB: a reason, and the next cell runs", lambda: killed_gonb(folder))
        try_to("a full disk for the cache: a note, and the session lives", lambda: full_cache(folder))
        try_to("a full folder for temporary files: the reason is shown", lambda: full_temporary(folder))
        try_to("a noexec folder for temporary files: golmm doctor names it", lambda: noexec(folder, golmm))


if __name__ == "__main__":
    main()
