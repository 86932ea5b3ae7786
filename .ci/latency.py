"""Times what a person at a notebook waits for, as a client of Jupyter sees it: with
golmm, with plain GoNB and the same library, and with IRkernel and lme4.

    latency.py HOME [ROUNDS]

HOME is the folder of an installation of golmm (golmm version tells it). Each round
starts each kernel anew, one after the other, so that what else the machine does falls
on all alike. Prints a table in Markdown, of medians in seconds over the rounds; its last line
is the work that a cell makes, which depends less on what else runs; with
two arguments more, CEILING and FILE, it also writes the table to FILE and ends with
code 1 if golmm's edited cell takes more than CEILING times plain GoNB's. Where it seems
to, up to twice as many rounds more tell whether that was chance.

Needs jupyter_client, and for the columns of R the kernelspec "ir" and lme4.
"""

import json
import os
import pathlib
import queue
import statistics
import sys
import tempfile
import time

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

IMPORTS = 'import (\n\t"github.com/golmm/golmm/kernel/nb"\n\t"github.com/golmm/golmm/plots"\n)\n\n%%\n'
FIT = 'm := nb.Fit("Reaction ~ Days + (%s | Subject)", nb.Data("sleepstudy"))\n'

# For each kernel: the cells of the first fit, of a fit and a plot, and what is completed.
# The plot cell has a place for the formula's random part, so that it can be edited.
CELLS = {
    "golmm": (FIT % "Days" + "nb.Show(m)", FIT + "nb.Show(m, plots.Caterpillar(m))", "nb.Fi"),
    "GoNB": (IMPORTS + FIT % "Days" + "nb.Show(m)", IMPORTS + FIT + "nb.Show(m, plots.Caterpillar(m))", IMPORTS + "nb.Fi"),
    "IRkernel": (
        "library(lme4)\nm <- lmer(Reaction ~ Days + (Days | Subject), sleepstudy)\nsummary(m)",
        "m <- lmer(Reaction ~ Days + (%s | Subject), sleepstudy)\nsummary(m)\nlattice::dotplot(ranef(m))",
        "lme",
    ),
}
EDITS = ["1", "0 + Days", "1 + Days"]
ROWS = ["kernel ready", "first fit, shown", "fit and plot, first", "fit and plot, edited", "the same cell again",
        "completion of a verb, first", "completion of a verb, later", "processor time of an edited fit and plot"]


def specs(home, folder):
    """Makes a data folder of Jupyter with golmm's kernel and one of plain GoNB, and returns it."""
    manifest = json.loads((home / "install.json").read_text())
    path = os.pathsep.join([str(home / "bin"), os.path.dirname(manifest["go"]), os.environ["PATH"]])
    plain = {"PATH": path, "GOFLAGS": "", "GOWORK": "", "CGO_ENABLED": "0"}
    for name, argv, env in (
        ("golmm", [str(home / "bin" / "golmm"), "kernel", "--go", manifest["go"], "-f", "{connection_file}"], {"GOLMM_CACHE": "off"}),
        ("GoNB", [str(home / "bin" / "gonb"), "--kernel", "{connection_file}", "-go_work=" + str(home / "src"),
                  "-logtostderr=false", "-log_file=/dev/null"], {**plain, "GOLMM_CACHE": "off"}),
    ):
        spec = folder / "kernels" / name.lower()
        spec.mkdir(parents=True)
        (spec / "kernel.json").write_text(json.dumps(
            {"argv": argv, "display_name": name, "language": "go", "env": env, "interrupt_mode": "message"}))


def processor_time(pid):
    """The seconds of processor time of a process and its descendants, those that have ended included."""
    stats = {}
    for p in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = p.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        stats[int(p.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    total, todo = 0, [pid]
    while todo:
        at = todo.pop()
        total += stats[at][1] if at in stats else 0
        todo += [child for child, (parent, _) in stats.items() if parent == at]
    return total / os.sysconf("SC_CLK_TCK")


class Session:
    """A kernel and its client."""

    def __init__(self, name, manager):
        began = time.monotonic()
        self.km = KernelManager(kernel_name={"IRkernel": "ir"}.get(name, name.lower()), kernel_spec_manager=manager)
        self.km.start_kernel()
        self.kc = self.km.client()
        self.kc.start_channels()
        self.kc.wait_for_ready(timeout=300)
        provisioner = getattr(self.km, "provisioner", None)
        self.pid = (provisioner.process if provisioner else self.km.kernel).pid
        self.ready = time.monotonic() - began

    def run(self, code):
        """Returns the seconds from the request until the kernel is idle and has replied."""
        began = time.monotonic()
        shown = 0
        msg = self.kc.execute(code)
        while True:
            m = self.kc.get_iopub_msg(timeout=600)
            if m["parent_header"].get("msg_id") != msg:
                continue
            if m["msg_type"] in ("display_data", "execute_result"):
                shown += 1
            if m["msg_type"] == "error":
                raise RuntimeError("\n".join(m["content"]["traceback"]) or m["content"]["evalue"])
            if m["msg_type"] == "status" and m["content"]["execution_state"] == "idle":
                break
        reply = self.kc.get_shell_msg(timeout=600)
        took = time.monotonic() - began
        if reply["content"]["status"] != "ok" or shown == 0:
            raise RuntimeError(f"{reply['content']}, {shown} displays, of\n{code}")
        return took

    def complete(self, code):
        began = time.monotonic()
        msg = self.kc.complete(code)
        try:
            while self.kc.get_shell_msg(timeout=120)["parent_header"]["msg_id"] != msg:
                pass
        except queue.Empty:
            return float("inf")
        return time.monotonic() - began

    def close(self):
        self.kc.stop_channels()
        self.km.shutdown_kernel(now=False)


def measure(name, manager):
    """Returns the seconds of each row for one fresh kernel."""
    first, plot, prefix = CELLS[name]
    s = Session(name, manager)
    try:
        times = [s.ready, s.run(first)]
        edited, work = [], []
        for e in EDITS:
            before = processor_time(s.pid)
            edited.append(s.run(plot.replace("%s", e)))
            work.append(processor_time(s.pid) - before)
        times += [edited[0], statistics.median(edited[1:]), s.run(plot.replace("%s", EDITS[-1]))]
        return times + [s.complete(prefix), s.complete(prefix), min(work[1:])]
    finally:
        s.close()


def medians(times):
    return {n: [statistics.median(column) for column in zip(*rounds)] for n, rounds in times.items()}


def slow(median, ceiling):
    """Whether golmm's edited cell takes more than ceiling times plain GoNB's."""
    edited = ROWS.index("fit and plot, edited")
    return not median["golmm"][edited] <= ceiling * median["GoNB"][edited]


def main():
    home = pathlib.Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        specs(home, pathlib.Path(folder))
        manager = KernelSpecManager()
        manager.kernel_dirs = [os.path.join(folder, "kernels")] + manager.kernel_dirs
        names = [n for n in CELLS if n != "IRkernel" or "ir" in manager.find_kernel_specs()]
        times = {n: [] for n in names}
        ceiling = float(sys.argv[3]) if len(sys.argv) > 4 else float("inf")
        for r in range(3 * rounds):
            if r >= rounds and not slow(medians(times), ceiling):
                break
            for n in names:
                times[n].append(measure(n, manager))
                print(r + 1, n, " ".join(f"{t:.2f}" for t in times[n][-1]), file=sys.stderr, flush=True)
    median = medians(times)
    lines = ["| seconds | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for i, row in enumerate(ROWS):
        lines.append(f"| {row} | " + " | ".join(f"{median[n][i]:.2f}" for n in names) + " |")
    table = "\n".join(lines)
    print(table)
    if len(sys.argv) > 4:
        pathlib.Path(sys.argv[4]).write_text(table + "\n")
    if slow(median, ceiling):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
