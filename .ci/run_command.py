"""What `golmm run` does with notebooks, from outside: files, messages and exit codes.

    run_command.py GOLMM

Prints a line "pass: ..." or "fail: ..." for each check.
"""

import json
import pathlib
import subprocess
import sys
import tempfile


def report(ok, what, done=None):
    print(("pass: " if ok else "fail: ") + what, flush=True)
    if not ok and done is not None:
        print(f"code {done.returncode}\n{done.stdout}{done.stderr}")


def write(path, *cells):
    """Writes a notebook; a cell is its code, or its code and a tag."""
    made = []
    for c in cells:
        code, tags = c if isinstance(c, tuple) else (c, None)
        made.append({"cell_type": "code", "execution_count": None, "metadata": {"tags": [tags]} if tags else {},
                     "outputs": [], "source": code})
    path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1) + "\n")


def outputs(path):
    """The text of the outputs of each cell."""
    texts = []
    for c in json.loads(path.read_text())["cells"]:
        texts.append("".join("".join(o.get("text") or o.get("data", {}).get("text/plain") or o.get("evalue", "")) for o in c["outputs"]))
    return texts


def main():
    golmm = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def run(*args):
            return subprocess.run([golmm, "run", *args], cwd=folder, capture_output=True, text=True)

        write(folder / "p.ipynb", ('var n = 10\nconst data = "sleepstudy"', "parameters"), "fmt.Println(n, data, 2*n)")
        before = (folder / "p.ipynb").read_text()
        done = run("p.ipynb", "-o", "out.ipynb", "--param", "n=7", "--param", "data=Rail")
        report(done.returncode == 0 and outputs(folder / "out.ipynb")[2] == "7 Rail 14\n" and (folder / "p.ipynb").read_text() == before,
               "golmm run --param gives parameters their values", done)
        done = run("p.ipynb", "--param", "m=7")
        report(done.returncode == 1 and "parameters are n, data" in done.stderr and (folder / "p.ipynb").read_text() == before,
               "a parameter that is not declared is an error that names those that are", done)

        write(folder / "bad.ipynb", "1 + 1", 'panic("on purpose")', "fmt.Println(3)")
        done = run("bad.ipynb", "p.ipynb")
        report(done.returncode == 1 and 'cell 2 (panic("on purpose"))' in done.stderr and (folder / "p.ipynb").read_text() == before,
               "a failure names the cell and ends the run with code 1", done)
        report(outputs(folder / "bad.failed.ipynb")[0] == "2" and "on purpose" in outputs(folder / "bad.failed.ipynb")[1],
               "what was shown up to the failure is kept in NAME.failed.ipynb", done)
        done = run("bad.ipynb", "p.ipynb", "--keep-going")
        report(done.returncode == 1 and outputs(folder / "p.ipynb")[1] == "10 sleepstudy 20\n",
               "--keep-going runs the next notebook, and the code is 1 all the same", done)
        done = run("bad.ipynb", "--allow-errors")
        report(done.returncode == 0 and not (folder / "bad.failed.ipynb").exists(), "a run that goes well removes the file NAME.failed.ipynb of an earlier one that did not", done)
        done = run("bad.ipynb", "--allow-errors", "-o", "all.ipynb")
        report(done.returncode == 0 and outputs(folder / "all.ipynb")[2] == "3\n", "--allow-errors goes on after the cell that fails", done)
        write(folder / "may.ipynb", ('panic("on purpose")', "raises-exception"), "fmt.Println(3)")
        done = run("may.ipynb")
        report(done.returncode == 0 and outputs(folder / "may.ipynb")[1] == "3\n", "a cell tagged raises-exception may fail", done)
        first = (folder / "may.ipynb").read_bytes()
        done = run("may.ipynb")
        report(done.returncode == 0 and (folder / "may.ipynb").read_bytes() == first, "a second run gives the same bytes", done)

        write(folder / "slow.ipynb", 'fmt.Println("begins"); time.Sleep(time.Hour)')
        done = run("slow.ipynb", "--timeout", "5s", "--html")
        page = (folder / "slow.failed.html").read_text() if (folder / "slow.failed.html").exists() else ""
        report(done.returncode == 1 and "ran longer than 5s" in done.stderr and "TimeoutError: it ran longer than 5s" in page,
               "a cell that takes too long is interrupted, and the report says so", done)


if __name__ == "__main__":
    main()
