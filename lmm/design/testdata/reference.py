"""Writes reference.json.gz and data/*.csv.gz: what lme4 makes of the formulas
of a folder of reference fits (fits/*.json, data/*.csv, data/schema.json), and
the columns that these formulas use.

    python3 reference.py FOLDER
"""
import csv, glob, gzip, io, json, os, re, sys

folder, here = sys.argv[1], os.path.dirname(os.path.abspath(__file__))
schema = json.load(open(os.path.join(folder, "data", "schema.json")))


def read(path):
    if path.endswith(".gz"):
        return gzip.open(path, "rt", newline="")
    return open(path, newline="")


def write(path, text):
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(text.encode())


fits, used = [], {}
for path in sorted(glob.glob(os.path.join(folder, "fits", "*.json"))):
    fit = json.load(open(path))
    if fit.get("error") or not fit.get("data"):
        continue
    name = os.path.basename(fit["data"]).split(".")[0]
    words = set(re.findall(r"[A-Za-z_.][A-Za-z0-9_.]*", fit["formula"]))
    words |= {fit.get("weights"), fit.get("offset")}
    columns = [c for c in schema[name]["columns"] if c in words]
    if "obs" in words:
        continue  # made before the fit
    used.setdefault(name, set()).update(columns)
    contrasts = {k: v for k, v in (fit.get("contrasts") or {}).items()
                 if isinstance(v, str) and fit.get("prep") and "sum-to-zero" in fit["prep"]}
    fits.append({
        "id": fit["id"], "family": fit["family"], "formula": fit["formula"], "data": name,
        "weights": fit.get("weights") or "", "offset": fit.get("offset") or "",
        "contrasts": contrasts, "nobs": fit["nobs"], "beta_names": fit["beta_names"],
        "ngroups": fit["ngroups"],
        "terms": [{"group": v["group"], "terms": v["terms"]} for v in fit["varcorr"]],
        "levels": [r["levels"][:10] for r in fit["ranef"]],
        "theta_names": fit["theta_names"],
    })

tables = {}
os.makedirs(os.path.join(here, "data"), exist_ok=True)
for name, columns in used.items():
    order = [c for c in schema[name]["columns"] if c in columns]
    tables[name] = {c: schema[name]["columns"][c] for c in order}
    source = os.path.join(folder, "data", schema[name]["file"])
    with read(source) as f:
        rows = list(csv.DictReader(f))
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(order)
    out.writerows([r[c] for c in order] for r in rows)
    write(os.path.join(here, "data", name + ".csv.gz"), text.getvalue())
write(os.path.join(here, "reference.json.gz"), json.dumps({"fits": fits, "tables": tables}, separators=(",", ":")))
