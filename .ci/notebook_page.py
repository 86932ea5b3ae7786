"""Drives the classic notebook page in headless Chromium, as a person would: opens a
notebook, runs all cells, looks at a table, a figure and an error card, interrupts a cell
that runs, restarts and runs all.

    notebook_page.py FOLDER

FOLDER gets the notebooks and the screenshots. Jupyter must know the kernel. Prints a
line "pass: ..." or "fail: ..." for each check.
"""

import base64
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

import nbformat

from browser import PATIENCE, Browser, report

FIRST = [
    ("markdown", "# Sleep\nReaction times, $y_{ij} = \\beta_0 + b_i + \\varepsilon_{ij}$."),
    ("code", 'var m = nb.Fit("Reaction ~ Days + (Days | Subject)", nb.Data("sleepstudy"))'),
    ("code", "nb.Show(m)"),
    ("code", "plots.Caterpillar(m)"),
    ("code", 'nb.Fit("Reaction ~ Dayz + (1 | Subject)", nb.Data("sleepstudy"))'),
    ("code", 'fmt.Println("must not run")'),
]
SECOND = [("code", 'fmt.Println("begins"); time.Sleep(time.Hour)'), ("code", "6 * 7")]

VISIBLE = """
(function (i, selector) {
  const output = Jupyter.notebook.get_cell(i).element[0].querySelector('.output_wrapper');
  return [...output.querySelectorAll(selector)].map(e => e.getBoundingClientRect()).filter(r => r.width > 60 && r.height > 20).length;
})(%d, %s)
"""
SHOWS = "Jupyter.notebook.get_cell(%d).element[0].querySelector('.output_wrapper').innerText.includes(%s)"
PROMPT = "String(Jupyter.notebook.get_cell(%d).input_prompt_number)"


def visible(cell, selector):
    """An expression: how many elements of a size an output has."""
    return VISIBLE % (cell, json.dumps(selector))


def shows(cell, text):
    """An expression: whether a text is in an output."""
    return SHOWS % (cell, json.dumps(text))


def write(path, cells):
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    nb = nbformat.v4.new_notebook(cells=[make[kind](source) for kind, source in cells])
    nb.metadata["kernelspec"] = {"name": "golmm", "display_name": "golmm (Go, mixed models)", "language": "go"}
    nbformat.write(nb, path)


class Server:
    """A Jupyter notebook server for a folder."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        runtime = pathlib.Path(tempfile.mkdtemp())
        self.process = subprocess.Popen(
            ["jupyter-notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--NotebookApp.token=",
             "--NotebookApp.password=", "--notebook-dir=" + str(folder)],
            env={**os.environ, "JUPYTER_RUNTIME_DIR": str(runtime)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while not (url := self.written(runtime)):
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError("jupyter-notebook does not start")
            time.sleep(0.1)
        self.url = url

    @staticmethod
    def written(runtime):
        """The address in the file that the server writes, "" as long as it is not whole."""
        for file in runtime.glob("nbserver-*.json"):
            try:
                return json.loads(file.read_text())["url"]
            except json.JSONDecodeError:
                pass
        return ""

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Page:
    def __init__(self, browser, url, shots):
        self.browser, self.shots = browser, shots
        browser.open(url)
        self.until("typeof Jupyter === 'object' && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()"
                   " && Jupyter.notebook._fully_loaded", "the kernel is connected")

    def until(self, condition, what):
        if not self.browser.sees(condition):
            self.shot("failure")
            raise RuntimeError(f"it took more than {PATIENCE} s until {what}")

    def sees(self, *conditions):
        """Whether all conditions hold, now or when the page has drawn what it got."""
        return all(self.browser.sees(c, 30) for c in conditions)

    def click(self, selector):
        self.browser.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def idle(self):
        self.until("Jupyter.notebook.get_cells().every(c => c.cell_type !== 'code' || c.input_prompt_number !== '*')",
                   "all cells are done")

    def prompt(self, cell):
        return self.browser.evaluate(PROMPT % cell)

    def shot(self, name):
        height = self.browser.evaluate("document.querySelector('#notebook-container').getBoundingClientRect().height")
        self.browser.call("Emulation.setDeviceMetricsOverride", width=1100, height=int(height or 800) + 260, deviceScaleFactor=1, mobile=False)
        time.sleep(0.5)
        png = self.browser.call("Page.captureScreenshot", format="png")["data"]
        (self.shots / (name + ".png")).write_bytes(base64.b64decode(png))


def run_all(page):
    page.click("#run_all_cells a")
    page.until("Jupyter.notebook.get_cell(1).input_prompt_number", "the first cell is sent")
    page.idle()
    report(page.sees(visible(2, ".golmm table") + " >= 1"), "page: Run All shows the summary's table")
    report(page.sees(visible(3, "svg.golmm-fig") + " === 1"), "page: and the figure")
    report(page.sees(*(shows(4, part) for part in ("Dayz", "Days", "^")), visible(4, ".golmm") + " >= 1"),
           "page: and the error as a card that points at the formula")
    report(page.sees("!" + shows(5, "must not run")), "page: the cell after the error is not run")
    page.shot("run-all")


def interrupt_and_restart(page):
    page.browser.evaluate("Jupyter.notebook.select(0); Jupyter.notebook.execute_cell()")
    page.until(shows(0, "begins"), "the cell begins")
    page.click("#int_kernel a")
    page.idle()
    report(page.sees(shows(0, "nterrupted")), "page: a cell that runs is interrupted")
    page.shot("interrupted")
    page.browser.evaluate("Jupyter.notebook.get_cell(0).set_text('fmt.Println(\"begins anew\")')")
    page.click("#restart_run_all a")
    page.until("document.querySelector('.modal-dialog .btn-danger')", "a dialog asks")
    time.sleep(0.5)
    page.click(".modal-dialog .btn-danger")
    page.until(shows(1, "42"), "the last cell has run")
    page.idle()
    report(page.sees(shows(0, "begins anew")) and [page.prompt(0), page.prompt(1)] == ["1", "2"],
           f"page: restart and run all counts from 1: {page.prompt(0)}, {page.prompt(1)}")
    page.shot("restarted")


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    write(folder / "first.ipynb", FIRST)
    write(folder / "second.ipynb", SECOND)
    server = Server(folder)
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            browser = Browser(profile)
            try:
                browser.call("Emulation.setDeviceMetricsOverride", width=1100, height=900, deviceScaleFactor=1, mobile=False)
                for name, check in (("first.ipynb", run_all), ("second.ipynb", interrupt_and_restart)):
                    try:
                        check(Page(browser, server.url + "notebooks/" + name, folder))
                    except RuntimeError as e:
                        report(False, f"page: {name}: {e}")
            finally:
                browser.close()
    finally:
        server.close()


if __name__ == "__main__":
    main()
