"""Opens a page of an executed notebook in headless Chromium and checks what a
reader sees: the summary's table and the caterpillar plot.

    browser.py PAGE.html light|dark

Prints a line "pass: ..." or "fail: ..." for each check. Needs only the standard
library: Chromium is driven over a pipe (--remote-debugging-pipe), its
screenshots are decoded here.
"""

import base64
import collections
import json
import os
import pathlib
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

# Surface and accent of the figures.
COLOURS = {
    "light": {"surface": (0xFF, 0xFF, 0xFF), "accent": (0x1D, 0x4F, 0x91)},
    "dark": {"surface": (0x16, 0x19, 0x1D), "accent": (0x7D, 0xB5, 0xF2)},
}

# The contrast of text with the nearest painted background, WCAG 2.1, 1.4.3.
CONTRAST = """
(function () {
  const lum = c => { const v = c.map(x => x / 255).map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
  const rgba = s => { const m = s.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const table = [...document.querySelectorAll('.golmm table')].find(t => t.innerText.includes('Days'));
  const cell = [...table.querySelectorAll('td')].find(c => c.innerText.trim() !== '');
  let e = cell, bg = [0, 0, 0, 0];
  while (e && bg[3] === 0) { bg = rgba(getComputedStyle(e).backgroundColor); e = e.parentElement; }
  const a = lum(rgba(getComputedStyle(cell).color)), b = lum(bg);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
})()
"""

TABLE = """
[...document.querySelectorAll('.golmm table')]
  .filter(t => t.innerText.includes('(Intercept)') && t.innerText.includes('Days'))
  .map(t => t.getBoundingClientRect()).filter(r => r.width > 100 && r.height > 40).length
"""

FIGURES = """
JSON.stringify([...document.querySelectorAll('svg.golmm-fig')].map(s => {
  const r = s.getBoundingClientRect();
  return {title: s.querySelector('title').textContent, x: r.left + scrollX, y: r.top + scrollY, width: r.width, height: r.height,
          dots: s.querySelectorAll('circle').length};
}))
"""


# Seconds that anything may take on a busy machine.
PATIENCE = 180


class PageError(RuntimeError):
    """A command or a script that failed in the page."""


class Browser:
    """Chromium with one page."""

    def __init__(self, profile):
        program = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
        if program is None:
            raise RuntimeError("no Chromium is on PATH")
        to_child, self.out = os.pipe()
        self.into, from_child = os.pipe()

        def connect():  # Chromium reads commands from 3 and writes answers to 4
            a, b = os.dup(to_child), os.dup(from_child)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--disable-dev-shm-usage", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
             "--remote-debugging-pipe", "--user-data-dir=" + profile, "about:blank"],
            preexec_fn=connect, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_child)
        os.close(from_child)
        self.buffer = b""
        self.number = 0
        self.session = None
        end = time.monotonic() + PATIENCE
        while not (targets := [t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page"]):
            if time.monotonic() > end:
                raise RuntimeError("Chromium opens no page")
            time.sleep(0.1)
        target = targets[0]
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise PageError(f"{method}: {answer['error']}")
                return answer["result"]

    def receive(self, limit=PATIENCE):
        end = time.monotonic() + limit
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.into], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise RuntimeError("Chromium does not answer")
            part = os.read(self.into, 1 << 20)
            if not part:
                raise RuntimeError("Chromium ended")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise PageError(result["exceptionDetails"].get("exception", {}).get("description", "script failed"))
        return result["result"].get("value")

    def open(self, url):
        self.call("Page.enable")
        self.call("Page.navigate", url=url)
        loaded = f"document.readyState === 'complete' && location.href.startsWith({json.dumps(url)})"
        if not self.sees(loaded):
            raise RuntimeError(f"{url} does not load")

    def sees(self, condition, limit=PATIENCE):
        """Waits until a condition of the page holds, and tells whether it does. While a page loads, a script may fail."""
        end = time.monotonic() + limit
        while True:
            try:
                if self.evaluate(f"Boolean({condition})"):
                    return True
            except PageError:
                pass
            if time.monotonic() > end:
                return False
            time.sleep(0.1)

    def screenshot(self, box):
        clip = {k: box[k] for k in ("x", "y", "width", "height")}
        shot = self.call("Page.captureScreenshot", format="png", clip={**clip, "scale": 1}, captureBeyondViewport=True)
        return pixels(base64.b64decode(shot["data"]))

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def pixels(png):
    """The pixels of a PNG as (r, g, b), for the 8-bit images of Chromium (PNG, second edition, section 9)."""
    at, data = 8, b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
            if depth != 8 or colour not in (2, 6) or interlace:
                raise RuntimeError("an unexpected kind of PNG")
            n = 3 if colour == 2 else 4
        elif kind == b"IDAT":
            data += body
        at += length + 12
    raw = zlib.decompress(data)
    stride = width * n
    before = bytearray(stride)
    out = []
    for y in range(height):
        start = y * (stride + 1)
        row = bytearray(raw[start + 1:start + 1 + stride])
        unfilter(raw[start], row, before, n)
        out.extend(zip(row[0::n], row[1::n], row[2::n]))
        before = row
    return out


def unfilter(kind, row, before, n):
    for i in range(len(row)):
        left = row[i - n] if i >= n else 0
        up = before[i]
        if kind == 1:
            row[i] = (row[i] + left) & 255
        elif kind == 2:
            row[i] = (row[i] + up) & 255
        elif kind == 3:
            row[i] = (row[i] + (left + up) // 2) & 255
        elif kind == 4:
            corner = before[i - n] if i >= n else 0
            p = left + up - corner
            near = min((abs(p - left), 0, left), (abs(p - up), 1, up), (abs(p - corner), 2, corner))
            row[i] = (row[i] + near[2]) & 255


def report(ok, what):
    print(("pass: " if ok else "fail: ") + what, flush=True)
    return ok


def check(browser, theme):
    ok = report(browser.evaluate(TABLE) >= 1, f"{theme}: the summary's table is there")
    contrast = browser.evaluate(CONTRAST) if ok else 0
    ok &= report(contrast >= 4.5, f"{theme}: its text has a contrast of {contrast:.1f}, at least 4.5")
    figures = json.loads(browser.evaluate(FIGURES))
    figure = next((f for f in figures if f["title"] == "Conditional modes of Subject"), None)
    if not report(figure is not None and figure["width"] > 300 and figure["height"] > 200 and figure["dots"] == 36,
                  f"{theme}: the caterpillar has 36 points and a size: {figure}"):
        return False
    shot = browser.screenshot(figure)
    surface, most = collections.Counter(shot).most_common(1)[0]
    ink = 1 - most / len(shot)
    accent = shot.count(COLOURS[theme]["accent"])
    ok &= report(surface == COLOURS[theme]["surface"], f"{theme}: it stands on the theme's surface, {surface}")
    ok &= report(0.02 < ink < 0.4, f"{theme}: {100 * ink:.1f} % of it is inked")
    ok &= report(accent > 300, f"{theme}: {accent} pixels have the accent")
    return ok


def main():
    page, theme = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            browser.call("Emulation.setDeviceMetricsOverride", width=1100, height=900, deviceScaleFactor=1, mobile=False)
            browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
            browser.open(page.as_uri())
            return 0 if check(browser, theme) else 1
        finally:
            browser.close()


if __name__ == "__main__":
    sys.exit(main())
