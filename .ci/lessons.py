"""Executes notebooks with the real Jupyter, as nbconvert does it, and looks at the pages in
headless Chromium: no cell without output, no output that is blank, no error on the console,
nothing wider than a page of 1200 px, no table of a text with stray backslashes: nbconvert takes
the bar in an escaped bar for the end of a column, or leaves the backslash.

    lessons.py FOLDER NOTEBOOK...

FOLDER gets the pages and a screenshot of each. Jupyter must know the kernel. Prints a line
"pass: ..." or "fail: ..." for each notebook. As many notebooks run at once as there are
processors.
"""

import base64
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import browser

WIDTH = 1200

# What nbconvert's page loads from the network, which is not there.
REMOTE = ("require.min.js", "MathJax", "mathjax", "mermaid", "ERR_NAME_NOT_RESOLVED", "ERR_INTERNET_DISCONNECTED")

# Outputs without size, text or picture; and what sticks out of the page.
LOOK = """
(() => {
  const shown = e => { const r = e.getBoundingClientRect(); return r.width > 20 && r.height > 8; };
  const outputs = [...document.querySelectorAll('.jp-OutputArea-output')];
  const blank = outputs.filter(o => !shown(o) || !(o.innerText.trim() || [...o.querySelectorAll('svg, img')].some(shown))).length;
  const cells = [...document.querySelectorAll('.jp-CodeCell')].filter(c => !c.querySelector('.jp-OutputArea-output')).length;
  const clipped = e => { for (let p = e; p && p !== document.body; p = p.parentElement) {
    const o = getComputedStyle(p).overflowX; if (o === 'auto' || o === 'scroll' || o === 'hidden') return true; } return false; };
  const wide = [...document.body.querySelectorAll('*')].filter(e => shown(e) && e.getBoundingClientRect().right > %d + 1 && !clipped(e));
  const stray = [...document.querySelectorAll('.jp-RenderedMarkdown :is(td, th)')].filter(e => e.innerText.includes('\\\\')).map(e => e.innerText);
  return JSON.stringify({stray: stray.slice(0, 3), outputs: outputs.length, blank, cells, width: document.documentElement.scrollWidth,
    wide: wide.slice(0, 3).map(e => e.tagName + ': ' + e.textContent.trim().slice(0, 60))});
})()
""" % WIDTH


class Listener(browser.Browser):
    """A browser that keeps what the page complains of."""

    complaints = ()

    def receive(self, limit=browser.PATIENCE):
        message = super().receive(limit)
        what, params = message.get("method"), message.get("params", {})
        if what == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.complain(details.get("exception", {}).get("description") or details["text"])
        elif what == "Runtime.consoleAPICalled" and params["type"] == "error":
            self.complain(" ".join(str(a.get("value", a.get("description"))) for a in params["args"]))
        elif what == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.complain(params["entry"]["text"] + " " + params["entry"].get("url", ""))
        return message

    def complain(self, text):
        if not any(r in text for r in REMOTE):
            self.complaints += (text[:200],)


def execute(notebook, folder):
    """The notebook as a page, or None and why there is none."""
    page = folder / (notebook.stem + ".html")
    done = subprocess.run(
        ["jupyter", "nbconvert", "--log-level=WARN", "--execute", "--ExecutePreprocessor.timeout=1200",
         "--ExecutePreprocessor.startup_timeout=300", "--to", "html",
         "--output-dir", str(folder), "--output", page.name, str(notebook)],
        env={**os.environ, "GOLMM_CACHE": "off"}, capture_output=True, text=True)
    return (page, "") if done.returncode == 0 and page.exists() else (None, done.stderr[-2000:])


def look(page):
    """What is wrong with a page, and how many outputs it has."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        chromium = Listener(profile)
        try:
            chromium.call("Emulation.setDeviceMetricsOverride", width=WIDTH, height=900, deviceScaleFactor=1, mobile=False)
            chromium.call("Runtime.enable")
            chromium.call("Log.enable")
            chromium.open(page.as_uri())
            seen = json.loads(chromium.evaluate(LOOK))
            png = chromium.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                                clip={"x": 0, "y": 0, "width": WIDTH, "height": 4000, "scale": 0.5})["data"]
            page.with_suffix(".png").write_bytes(base64.b64decode(png))
        finally:
            chromium.close()
    wrong = list(chromium.complaints)
    if seen["outputs"] == 0 or seen["cells"]:
        wrong.append(f"{seen['outputs']} outputs, {seen['cells']} cells without one")
    if seen["blank"]:
        wrong.append(f"{seen['blank']} blank outputs")
    if seen["width"] > WIDTH or seen["wide"]:
        wrong.append(f"the page is {seen['width']} px wide: {seen['wide']}")
    if seen["stray"]:
        wrong.append(f"backslashes in tables: {seen['stray']}")
    return wrong, seen["outputs"]


def check(notebook, folder):
    page, why = execute(notebook, folder)
    if page is None:
        return f"fail: Jupyter does not execute {notebook.name}\n{why}"
    wrong, outputs = look(page)
    if wrong:
        return f"fail: the page of {notebook.name}: " + "; ".join(wrong)
    return f"pass: Jupyter executes {notebook.name}; its page shows {outputs} outputs"


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    notebooks = [pathlib.Path(n).resolve() for n in sys.argv[2:]]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for line in pool.map(lambda n: check(n, folder), notebooks):
            print(line, flush=True)


if __name__ == "__main__":
    main()
