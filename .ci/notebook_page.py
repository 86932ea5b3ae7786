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

from browser import Browser, report

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
TEXT = "Jupyter.notebook.get_cell(%d).element[0].querySelector('.output_wrapper').innerText"
PROMPT = "String(Jupyter.notebook.get_cell(%d).input_prompt_number)"


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
        end = time.monotonic() + 60
        while not (files := list(runtime.glob("nbserver-*.json"))):
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError("jupyter-notebook does not start")
            time.sleep(0.1)
        time.sleep(0.2)
        self.url = json.loads(files[0].read_text())["url"]

    def close(self):
        self.process.terminate()
        self.process.wait(30)


class Page:
    def __init__(self, browser, url, shots):
        self.browser, self.shots = browser, shots
        browser.open(url)
        self.until("typeof Jupyter === 'object' && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()"
                   " && Jupyter.notebook._fully_loaded", "the kernel is connected")

    def until(self, condition, what, limit=60):
        end = time.monotonic() + limit
        while not self.browser.evaluate(f"Boolean({condition})"):
            if time.monotonic() > end:
                self.shot("failure")
                raise RuntimeError(f"it took more than {limit} s until {what}")
            time.sleep(0.1)

    def click(self, selector):
        self.browser.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def idle(self):
        self.until("Jupyter.notebook.get_cells().every(c => c.cell_type !== 'code' || c.input_prompt_number !== '*')",
                   "all cells are done")
        time.sleep(0.3)

    def visible(self, cell, selector):
        return self.browser.evaluate(VISIBLE % (cell, json.dumps(selector)))

    def text(self, cell):
        return self.browser.evaluate(TEXT % cell)

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
    report(page.visible(2, ".golmm table") >= 1, "page: Run All shows the summary's table")
    report(page.visible(3, "svg.golmm-fig") == 1, "page: and the figure")
    said = page.text(4)
    report("Dayz" in said and "Days" in said and "^" in said and page.visible(4, ".golmm") >= 1,
           "page: and the error as a card that points at the formula")
    report("must not run" not in page.text(5), "page: the cell after the error is not run")
    page.shot("run-all")


def interrupt_and_restart(page):
    page.browser.evaluate("Jupyter.notebook.select(0); Jupyter.notebook.execute_cell()")
    page.until(TEXT % 0 + ".includes('begins')", "the cell begins")
    page.click("#int_kernel a")
    page.idle()
    report("nterrupted" in page.text(0), "page: a cell that runs is interrupted")
    page.shot("interrupted")
    page.browser.evaluate("Jupyter.notebook.get_cell(0).set_text('fmt.Println(\"begins anew\")')")
    page.click("#restart_run_all a")
    page.until("document.querySelector('.modal-dialog .btn-danger')", "a dialog asks")
    time.sleep(0.5)
    page.click(".modal-dialog .btn-danger")
    page.until(TEXT % 1 + ".includes('42')", "the last cell has run")
    page.idle()
    report("begins anew" in page.text(0) and [page.prompt(0), page.prompt(1)] == ["1", "2"],
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
