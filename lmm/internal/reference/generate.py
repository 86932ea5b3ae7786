"""Writes data/fits.json.gz and data/*.csv.gz: fits of lme4 and nlme and the columns that
they use, and some data on which fits fail, from a folder of reference fits
(fits/*.json, data/*.csv, data/schema.json, failure_modes/*.csv) made with R 4.2.2 and lme4 1.1-31.

    python3 generate.py FOLDER
"""
import csv, glob, gzip, io, json, os, re, sys

folder, here = sys.argv[1], os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
schema = json.load(open(os.path.join(folder, "data", "schema.json")))
KEEP = ["id", "family", "formula", "nobs", "ngroups", "reml", "criterion", "logLik", "AIC", "BIC", "npar", "sigma",
        "theta", "theta_names", "beta", "beta_se", "beta_names", "vcov", "fitted_first10", "is_singular"]
GLMM = ["link", "nAGQ", "vcov_rx", "vcov_hessian"]


def read(path):
    return gzip.open(path, "rt", newline="") if path.endswith(".gz") else open(path, newline="")


def write(name, text):
    with open(os.path.join(here, name), "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(text.encode())


fits, used = [], {}
cross = json.load(open(os.path.join(folder, "inference", "crosscheck_glmmTMB.json")))["fits"]
for path in sorted(glob.glob(os.path.join(folder, "fits", "*.json"))):
    fit = json.load(open(path))
    if fit.get("error") or not fit.get("data"):
        continue
    name = os.path.basename(fit["data"]).split(".")[0]
    words = set(re.findall(r"[A-Za-z_.][A-Za-z0-9_.]*", fit["formula"])) | {fit.get("weights"), fit.get("offset")}
    used.setdefault(name, set()).update(c for c in schema[name]["columns"] if c in words)
    out = {k: fit.get(k) for k in KEEP}
    if fit["family"] != "gaussian":
        out.update({k: fit.get(k) for k in GLMM})
        check = cross.get(fit["id"])
        if check:
            out["cross"] = {"criterion": check["glmmTMB_minus2_logLik"], "beta": check["glmmTMB_beta"], "beta_se": check["glmmTMB_se"],
                            "sd": [sd for group in check["glmmTMB_sd"].values() for sd in group]}
    out["data"] = name
    out["weights"], out["offset"] = fit.get("weights") or "", fit.get("offset") or ""
    out["contrasts"] = {k: "sum" for k, v in (fit.get("contrasts") or {}).items()
                        if isinstance(v, str) and "sum-to-zero" in (fit.get("prep") or "")}
    out["varcorr"] = [{k: v[k] for k in ("group", "terms", "sd", "corr")} for v in fit["varcorr"]]
    out["ranef"] = [{"group": r["group"], "terms": r["terms"], "levels": r["levels"][:10], "modes": r["modes"][:5],
                     # lme4 gives several terms on one factor no covariances: left out
                     "condvar": r["condvar"][:5] if isinstance(r.get("condvar"), list) else []} for r in fit["ranef"]]
    fits.append(out)

# What nlme is told in arguments is a part of the formula and a structure of the residuals here.
NLME = {
    "gls_BodyWeight_car1": ("", "car1(Time | Rat)"),
    "gls_BodyWeight_cs": ("", "cs(1 | Rat) * varident(Diet)"),
    "gls_BodyWeight_exp": ("", "exp(Time | Rat)"),
    "gls_BodyWeight_gaus_nugget": ("", "gau(Time | Rat, nugget)"),
    "gls_Orthodont_ar1": ("", "ar1(1 | Subject)"),
    "gls_Orthodont_arh1": ("", "ar1h(age | Subject)"),
    "gls_Orthodont_car1": ("", "car1(age | Subject)"),
    "gls_Orthodont_corsymm_homog": ("", "corr(1 | Subject)"),
    "gls_Orthodont_cs": ("", "cs(1 | Subject)"),
    "gls_Orthodont_cs_ml": ("", "cs(1 | Subject)"),
    "gls_Orthodont_csh": ("", "csh(age | Subject)"),
    "gls_Orthodont_id": ("", "id(1 | Subject)"),
    "gls_Orthodont_ma1": ("", "ma1(1 | Subject)"),
    "gls_Orthodont_toep": ("", "ar(1 | Subject, 2)"),
    "gls_Orthodont_un": ("", "un(age | Subject)"),
    "gls_Orthodont_un_ml": ("", "un(age | Subject)"),
    "gls_Orthodont_varSex": ("", "cs(1 | Subject) * varident(Sex)"),
    "gls_Ovary_ar1": ("", "ar1(1 | Mare)"),
    "gls_Ovary_ar1_ml": ("", "ar1(1 | Mare)"),
    "gls_sleepstudy_exp": ("", "ar1(Days | Subject) * varexp(Days)"),
    "gls_sleepstudy_power": ("", "cs(1 | Subject) * varpower(fitted)"),
    "lme_BodyWeight_car1": ("(1 | Rat)", "car1(Time | Rat)"),
    "lme_BodyWeight_varPower": ("(Time | Rat)", "varpower(fitted)"),
    "lme_BodyWeight_varPower_exp": ("(Time | Rat)", "exp(Time | Rat) * varpower(fitted)"),
    "lme_Machines_compsymm": ("cs(Machine | Worker)", ""),
    "lme_Machines_ident": ("(1 | Worker:Machine)", ""),
    "lme_Machines_nested_ml": ("(1 | Worker/Machine)", ""),
    "lme_Oats_nested": ("(1 | Block/Variety)", ""),
    "lme_Orthodont_slope": ("(age | Subject)", ""),
    "lme_Orthodont_slope_varSex": ("(age | Subject)", "varident(Sex)"),
    "lme_Orthodont_varSex": ("(1 | Subject)", "varident(Sex)"),
    "lme_Ovary_ar1": ("(1 | Mare)", "ar1(1 | Mare)"),
    "lme_Ovary_arma11": ("(1 | Mare)", "arma(1 | Mare)"),
    "lme_Ovary_pdDiag_ar1": ("diag(sin(2 * pi * Time) | Mare)", "ar1(1 | Mare)"),
    "lme_Oxide_nested": ("(1 | Lot/Wafer)", ""),
    "lme_Oxide_varSource": ("(1 | Lot/Wafer)", "varident(Source)"),
    "lme_Pixel": ("(day | Dog) + (1 | Dog:Side)", ""),
    "lme_RatPup_varTrt": ("(1 | Litter)", "varident(Treatment)"),
    "lme_sleepstudy_ar1": ("(Days | Subject)", "ar1(1 | Subject)"),
    "lme_sleepstudy_slope": ("(Days | Subject)", ""),
    "fail_intervals_Dyestuff2_tight": ("(1 | Batch)", ""),
    "fail_intervals_Glucose_tight": ("(1 | Subject/Meal)", ""),
    "fail_intervals_Orthodont_overparam_tight": ("(age + nsex | Subject)", ""),
    "fail_intervals_Orthodont_cs_ar1": ("(1 | Subject)", "cs(1 | Subject)"),
    "fail_intervals_Orthodont_ri_un": ("(age | Subject)", "corr(1 | Subject)"),
    "fail_intervals_ergoStool_cs_tight": ("(Type | Subject)", ""),
    "fail_intervals_sleepstudy_quad_tight": ("(Days + I(Days^2) | Subject)", ""),
}
nlme = []
for name, (random, residual) in sorted(NLME.items()):
    fit = json.load(open(os.path.join(folder, "nlme", name + ".json")))
    data = os.path.basename(fit["data"]).split(".")[0]
    formula = fit["formula"] + (" + " + random if random else "")
    words = set(re.findall(r"[A-Za-z_.][A-Za-z0-9_.]*", formula + " " + residual))
    used.setdefault(data, set()).update(c for c in schema[data]["columns"] if c in words)
    out = {k: fit.get(k) for k in ("id", "reml", "sigma", "beta", "beta_se", "beta_names", "nobs", "fitted_first10")}
    out.update(formula=formula, residual=residual, data=data, criterion=fit["minus2_logLik"], npar=fit.get("df"),
               correlation=(fit.get("cor_struct") or {}).get("coef_constrained") or [],
               variance=(fit.get("var_struct") or {}).get("coef") or {},
               intervals_error=(fit.get("intervals") or {}).get("error") or "")
    nlme.append(out)

os.makedirs(here, exist_ok=True)
tables = {}
for name, columns in used.items():
    order = [c for c in schema[name]["columns"] if c in columns]
    tables[name] = {c: {k: schema[name]["columns"][c].get(k) for k in ("type", "levels")} for c in order}
    with read(os.path.join(folder, "data", schema[name]["file"])) as f:
        rows = list(csv.DictReader(f))
    if name == "cbpp":  # one level a row, for a fit of an effect of each observation
        order.append("obs")
        levels = [str(i + 1) for i in range(len(rows))]
        tables[name]["obs"] = {"type": "factor", "levels": levels}
        for r, level in zip(rows, levels):
            r["obs"] = level
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(order)
    out.writerows([r[c] for c in order] for r in rows)
    write(name + ".csv.gz", text.getvalue())
for name in ["fm01_classroom", "fm02_negative_icc", "fm03_scale", "fm05_singletons", "fm08_rats", "fm13_growth_dropout", "fm15_genetic"]:
    with open(os.path.join(folder, "failure_modes", name + ".csv")) as f:
        write(name + ".csv.gz", f.read())
write("fits.json.gz", json.dumps({"fits": fits, "nlme": nlme, "tables": tables}, separators=(",", ":")))
