"""Writes data/fits.json.gz and data/*.csv.gz: fits of lme4 and the columns that
they use, and some data on which fits fail, from a folder of reference fits
(fits/*.json, data/*.csv, data/schema.json, failure_modes/*.csv) made with R 4.2.2 and lme4 1.1-31.

    python3 generate.py FOLDER
"""
import csv, glob, gzip, io, json, os, re, sys

folder, here = sys.argv[1], os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
schema = json.load(open(os.path.join(folder, "data", "schema.json")))
KEEP = ["id", "family", "formula", "nobs", "ngroups", "reml", "criterion", "logLik", "AIC", "BIC", "npar", "sigma",
        "theta", "theta_names", "beta", "beta_se", "beta_names", "vcov", "fitted_first10", "is_singular"]


def read(path):
    return gzip.open(path, "rt", newline="") if path.endswith(".gz") else open(path, newline="")


def write(name, text):
    with open(os.path.join(here, name), "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(text.encode())


fits, used = [], {}
for path in sorted(glob.glob(os.path.join(folder, "fits", "*.json"))):
    fit = json.load(open(path))
    if fit.get("error") or not fit.get("data"):
        continue
    name = os.path.basename(fit["data"]).split(".")[0]
    words = set(re.findall(r"[A-Za-z_.][A-Za-z0-9_.]*", fit["formula"])) | {fit.get("weights"), fit.get("offset")}
    if "obs" in words:
        continue  # a column made before the fit
    used.setdefault(name, set()).update(c for c in schema[name]["columns"] if c in words)
    out = {k: fit.get(k) for k in KEEP}
    out["data"] = name
    out["weights"], out["offset"] = fit.get("weights") or "", fit.get("offset") or ""
    out["contrasts"] = {k: "sum" for k, v in (fit.get("contrasts") or {}).items()
                        if isinstance(v, str) and "sum-to-zero" in (fit.get("prep") or "")}
    out["varcorr"] = [{k: v[k] for k in ("group", "terms", "sd", "corr")} for v in fit["varcorr"]]
    out["ranef"] = [{"group": r["group"], "terms": r["terms"], "levels": r["levels"][:10], "modes": r["modes"][:5],
                     # lme4 gives several terms on one factor no covariances: left out
                     "condvar": r["condvar"][:5] if isinstance(r.get("condvar"), list) else []} for r in fit["ranef"]]
    fits.append(out)

os.makedirs(here, exist_ok=True)
tables = {}
for name, columns in used.items():
    order = [c for c in schema[name]["columns"] if c in columns]
    tables[name] = {c: {k: schema[name]["columns"][c].get(k) for k in ("type", "levels")} for c in order}
    with read(os.path.join(folder, "data", schema[name]["file"])) as f:
        rows = list(csv.DictReader(f))
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(order)
    out.writerows([r[c] for c in order] for r in rows)
    write(name + ".csv.gz", text.getvalue())
for name in ["fm01_classroom", "fm02_negative_icc", "fm03_scale", "fm05_singletons", "fm08_rats"]:
    with open(os.path.join(folder, "failure_modes", name + ".csv")) as f:
        write(name + ".csv.gz", f.read())
write("fits.json.gz", json.dumps({"fits": fits, "tables": tables}, separators=(",", ":")))
