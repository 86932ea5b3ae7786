package cell

// others are words of R, of its packages for mixed models and of Python, and what
// they are here.
var others = [...]struct{ word, here string }{
	{"lmer", "`nb.Fit(\"y ~ x + (x | g)\", table)`"},
	{"lme", "`nb.Fit(\"y ~ x + (x | g)\", table)`"},
	{"glmer", "`nb.Fit(\"y ~ x + (1 | g)\", table, &lmm.Options{Family: \"binomial\"})`"},
	{"glmmTMB", "`nb.Fit(\"y ~ x + (1 | g)\", table, &lmm.Options{Family: \"binomial\"})`"},
	{"geeglm", "`nb.GEE(\"y ~ x\", table, &gee.Options{Subject: \"g\"})`"},
	{"mixedlm", "`nb.Fit(\"y ~ x + (x | g)\", table)`"},
	{"summary", "`nb.Show(m)`, or m at the end of the cell"},
	{"show", "`nb.Show(x)`, or x at the end of the cell"},
	{"display", "`nb.Show(x)`, or x at the end of the cell"},
	{"print", "`fmt.Println(x)`"},
	{"cat", "`fmt.Println(x)`"},
	{"anova", "`nb.Anova(m)`, and `nb.Compare(a, b)` for several models"},
	{"ranova", "`nb.DropRandom(m)`"},
	{"drop1", "`nb.Anova(m)` for the fixed effects, `nb.DropRandom(m)` for the random ones"},
	{"predict", "`nb.Predict(m, table)` for the population, `m.Predict(table.Get(), nil)` with random effects"},
	{"confint", "`nb.VarianceIntervals(m)` for the random effects, `nb.Coefficients(m)` for the fixed ones"},
	{"ranef", "`m.RandomEffects()`"},
	{"fixef", "`m.FixedEffects()`"},
	{"coef", "`m.FixedEffects()`, and `nb.Coefficients(m)` for tests"},
	{"vcov", "`m.Vcov()`"},
	{"sigma", "`m.Sigma()`"},
	{"resid", "`m.Residuals(lmm.RawResidual)`"},
	{"residuals", "`m.Residuals(lmm.RawResidual)`"},
	{"fitted", "`m.Fitted()`"},
	{"logLik", "`m.LogLik()`"},
	{"AIC", "`m.AIC()`"},
	{"BIC", "`m.BIC()`"},
	{"nobs", "`m.NObs()`"},
	{"simulate", "`m.Simulate(100, 1)`"},
	{"refit", "`m.Refit(y)`"},
	{"update", "`nb.Fit` with the new formula"},
	{"isSingular", "`m.Verdict()`, and `nb.Diagnose(m)` for the reason"},
	{"emmeans", "`nb.MarginalMeans(m, &infer.MeansOptions{Of: []string{\"factor\"}})`"},
	{"lsmeans", "`nb.MarginalMeans(m, &infer.MeansOptions{Of: []string{\"factor\"}})`"},
	{"emtrends", "`nb.Trends(m, \"covariate\")`"},
	{"profile", "`nb.Profile(m)`"},
	{"bootMer", "`nb.Bootstrap(m)`"},
	{"influence", "`nb.Influence(m)`"},
	{"cooks", "`nb.Influence(m)`"},
	{"rePCA", "`nb.RandomPCA(m)`"},
	{"icc", "`nb.VarianceShares(m)`"},
	{"r2", "`nb.VarianceShares(m)`"},
	{"vif", "`nb.VIF(m)`"},
	{"simulateResiduals", "`nb.ScaledResiduals(m)`"},
	{"plot", "package plots: `plots.Residuals(m)`, `plots.Caterpillar(m)` ..."},
	{"dotplot", "`plots.Caterpillar(m)`"},
	{"qqnorm", "`plots.ResidualsQQ`"},
	{"head", "`nb.Show(table)`"},
	{"str", "`nb.Show(table)`"},
	{"data", "`nb.Data(\"sleepstudy\")`"},
	{"read", "`nb.Data(\"file.csv\")`"},
	{"read_csv", "`nb.Data(\"file.csv\")`"},
	{"library", "packages need no import here"},
	{"require", "packages need no import here"},
	{"c", "a list of numbers is `[]float64{1, 2, 3}`"},
	{"mean", "`stat.Mean(x, nil)`"},
	{"sd", "`stat.StdDev(x, nil)`"},
	{"length", "`len(x)`"},
	{"TRUE", "`true`"},
	{"True", "`true`"},
	{"FALSE", "`false`"},
	{"False", "`false`"},
	{"NULL", "`nil`"},
	{"None", "`nil`"},
	{"NA", "`math.NaN()`"},
}

// ofOthers returns what a word of another language is here.
func ofOthers(word string) (here string, ok bool) {
	for _, o := range others {
		if o.word == word {
			return o.here, true
		}
	}
	return "", false
}
