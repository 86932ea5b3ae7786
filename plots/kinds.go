package plots

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/nearest"
)

// Kind is a figure of one model under a name, as `golmm plot` has it.
type Kind struct {
	Name  string // such as "caterpillar"
	Shows string // what, in a line
	// Draw computes what the figure needs beyond the model, and draws it. What
	// the model lacks for it is in the figure's Err. Less is computed of a
	// generalised model with more than 1000 rows or several grouping factors:
	// profiles of the standard deviations and correlations if Options.Parameters
	// names no others, 100 replicates of a bootstrap, two starts of each optimizer.
	Draw func(m *lmm.Model, opt Options) *Figure
}

// Kinds lists the figures of one model, in the order of an analysis: data,
// random effects, likelihood, residuals, estimates.
func Kinds() []Kind {
	return []Kind{
		{"spaghetti", "responses and fits over a covariate, a line for each level", func(m *lmm.Model, opt Options) *Figure {
			return Spaghetti(m, opt.X, opt)
		}},
		{"trellis", "responses, own line and fit of each level, a panel each", func(m *lmm.Model, opt Options) *Figure {
			return Trellis(m, opt)
		}},
		{"missingness", "what is missing at each wave, by column", modelMissingness},
		{"dropout", "who is still observed at each wave, and how those who leave differ", modelDropout},
		{"caterpillar", "conditional modes with intervals, a row for each level", func(m *lmm.Model, opt Options) *Figure {
			return Caterpillar(m, opt)
		}},
		{"modes-qq", "normal quantiles of the conditional modes, with intervals", func(m *lmm.Model, opt Options) *Figure {
			return ModesQQ(m, opt)
		}},
		{"modes-pairs", "conditional modes of one coefficient against another", func(m *lmm.Model, opt Options) *Figure {
			return ModesPairs(m, opt)
		}},
		{"random-pca", "principal components of the random effects: shares and loadings", func(m *lmm.Model, opt Options) *Figure {
			return RandomPCA(infer.RandomPCA(m), opt)
		}},
		{"shrinkage", "each level's own estimate and what the model makes of it", func(m *lmm.Model, opt Options) *Figure {
			return Shrinkage(m, opt)
		}},
		{"profile-zeta", "profile likelihood of every parameter, as a signed root", func(m *lmm.Model, opt Options) *Figure {
			return drawProfile(m, "Profile likelihood", opt, ProfileZeta)
		}},
		{"profile-density", "profile likelihood of every parameter, as a density", func(m *lmm.Model, opt Options) *Figure {
			return drawProfile(m, "Profile densities", opt, ProfileDensity)
		}},
		{"profile-pairs", "regions of pairs of parameters by the profile likelihood, with traces", func(m *lmm.Model, opt Options) *Figure {
			return drawProfile(m, "Profile pairs", opt, ProfilePairs)
		}},
		{"slices", "the criterion along every parameter, the others at their best or kept", func(m *lmm.Model, opt Options) *Figure {
			return CriterionSlices(m, opt)
		}},
		{"directions", "the criterion along its principal directions, the flattest first", func(m *lmm.Model, opt Options) *Figure {
			return FlatDirections(m, opt)
		}},
		{"contours", "the criterion over two variance parameters, with the boundary and all minima", func(m *lmm.Model, opt Options) *Figure {
			return CriterionContours(m, opt)
		}},
		{"path", "the optimiser's way, criterion and decrement by iteration", func(m *lmm.Model, opt Options) *Figure {
			return OptimiserPath(m, opt)
		}},
		{"eigenvalues", "of the covariance of the random effects and of the Hessian, with thresholds", func(m *lmm.Model, opt Options) *Figure {
			return Eigenvalues(m, opt)
		}},
		{"information", "how much of what the data say of each parameter is its own", func(m *lmm.Model, opt Options) *Figure {
			return Information(m, opt)
		}},
		{"allfit", "where every optimizer ended from every start", func(m *lmm.Model, opt Options) *Figure {
			o := diagnose.AllFitOptions{Seed: opt.Seed}
			if slow(m) {
				o.Starts = 2
			}
			r, err := diagnose.AllFit(m, &o)
			if err != nil {
				return failed("All optimizers", err)
			}
			opt.Units = opt.coefficientUnits(m)
			return AllFit(r, opt)
		}},
		{"forest", "fixed effects as the fit stands and under every remedy", func(m *lmm.Model, opt Options) *Figure {
			r, err := diagnose.Run(m, &diagnose.Options{Try: true, Seed: opt.Seed})
			if err != nil {
				return failed("Fixed effects under the remedies", err)
			}
			opt.Units = opt.coefficientUnits(m)
			return Forest(r, opt)
		}},
		{"residuals", "residuals against fitted values, with a smoother", func(m *lmm.Model, opt Options) *Figure {
			return Residuals(m, opt)
		}},
		{"residuals-qq", "normal quantiles of the residuals, with a simulated envelope", func(m *lmm.Model, opt Options) *Figure {
			return ResidualsQQ(m, opt)
		}},
		{"scale-location", "spread of the residuals over the fitted values, with a smoother", func(m *lmm.Model, opt Options) *Figure {
			return ScaleLocation(m, opt)
		}},
		{"residuals-group", "residuals of every level of a grouping factor", func(m *lmm.Model, opt Options) *Figure {
			return ResidualsByGroup(m, opt)
		}},
		{"acf", "correlation and semivariogram of the residuals by their distance in time", func(m *lmm.Model, opt Options) *Figure {
			return ResidualACF(m, opt)
		}},
		{"correlations", "correlation of the rows of a subject over occasions: fitted and in the data", func(m *lmm.Model, opt Options) *Figure {
			return Correlations(m, opt)
		}},
		{"variogram", "semivariogram of the marginal residuals and correlation of the normalised ones", func(m *lmm.Model, opt Options) *Figure {
			return Variogram(m, opt)
		}},
		{"structures", "correlation by distance in time: the model beside cs, ar1, toep and un", structures},
		{"simulated", "simulated residuals, in order and over the predictions", func(m *lmm.Model, opt Options) *Figure {
			s, err := infer.ScaledResiduals(m, &infer.ScaledOptions{Simulations: opt.Replicates, Seed: opt.Seed})
			if err != nil {
				return failed("Simulated residuals", err)
			}
			return SimulatedResiduals(m, s, opt)
		}},
		{"influence", "Cook's distance, leverage and covariance ratio of every row or group", func(m *lmm.Model, opt Options) *Figure {
			return influential(m, opt)
		}},
		{"check", "one page of checks: mean, variance, normality, modes, time, leverage", func(m *lmm.Model, opt Options) *Figure {
			return CheckModel(m, opt)
		}},
		{"coefficients", "fixed effects with intervals", func(m *lmm.Model, opt Options) *Figure {
			e, err := infer.Coefficients(m, nil)
			if err != nil {
				return failed("Fixed effects", err)
			}
			opt.Units = opt.coefficientUnits(m)
			return Coefficients(e, opt)
		}},
		{"means", "marginal means over a factor with intervals", func(m *lmm.Model, opt Options) *Figure {
			return marginal(m, opt, Means)
		}},
		{"differences", "pairwise differences of marginal means with intervals", func(m *lmm.Model, opt Options) *Figure {
			return marginal(m, opt, Differences)
		}},
		{"predictions", "predicted means over a predictor with a band, on the data", func(m *lmm.Model, opt Options) *Figure {
			return Predictions(m, opt)
		}},
		{"bootstrap", "densities of the estimates over a parametric bootstrap", func(m *lmm.Model, opt Options) *Figure {
			return bootstrapped(m, opt, BootstrapDensities)
		}},
		{"bootstrap-pairs", "pairs of estimates over a parametric bootstrap", func(m *lmm.Model, opt Options) *Figure {
			return bootstrapped(m, opt, BootstrapPairs)
		}},
	}
}

// marginal draws the means over the factor Options.X, the first of the fixed
// effects without it, within the levels of Options.By.
func marginal(m *lmm.Model, opt Options, draw func(*infer.Means, ...Options) *Figure) *Figure {
	const title = "Marginal means"
	x := opt.X
	if x == "" {
		_, factor := predictorsOf(m)
		if factor == "" {
			return failed(title, &DataError{Reason: "the model has no factor among its fixed effects whose levels could have means"})
		}
		x = factor
	}
	o := &infer.MeansOptions{Of: []string{x}}
	if opt.By != "" {
		o.By = []string{opt.By}
	}
	s, err := infer.MarginalMeans(m, o)
	if err != nil {
		return failed(title, err)
	}
	return draw(s, opt)
}

// drawProfile draws the profiles of Options.Parameters, by default of all parameters,
// of a slow model of its standard deviations and correlations.
func drawProfile(m *lmm.Model, title string, opt Options, draw func(*infer.ProfileResult, ...Options) *Figure) *Figure {
	params := opt.Parameters
	if params == nil && slow(m) {
		params = spreads(m)
	}
	p, err := infer.Profile(m, &infer.ProfileOptions{Params: params})
	if err != nil {
		return failed(title, err)
	}
	return draw(p, opt.onLink(m, m.ResponseName()))
}

// spreads are the parameters of the random effects, as profiles name them.
func spreads(m *lmm.Model) []string {
	var names []string
	for _, name := range infer.ProfileParameters(m) {
		if strings.HasPrefix(name, "sd_") || strings.HasPrefix(name, "cor_") {
			names = append(names, name)
		}
	}
	return names
}

// refittedUnits is the number of rows, and of levels, up to which a generalised
// model is fitted without each of them.
const refittedUnits = 200

// influential draws the influence of rows, or of the levels of Options.Group.
func influential(m *lmm.Model, opt Options) *Figure {
	o := &infer.InfluenceOptions{Group: opt.Group, Refit: m.Family() != nil}
	if o.Refit && o.Group == "" && m.NObs() > refittedUnits {
		terms := m.Frame().Terms
		few := slices.IndexFunc(terms, func(t design.Term) bool { return len(t.Levels) <= refittedUnits })
		if few < 0 {
			return failed("Influence", &DataError{Reason: fmt.Sprintf("a generalised model is fitted without each row or level to see what that changes, and more than %d fits take long; Options.Group asks for them", refittedUnits)})
		}
		o.Group = terms[few].Group
	}
	t, err := infer.Influence(m, o)
	if err != nil {
		return failed("Influence", err)
	}
	return Influence(t, opt)
}

// bootstrapped draws a parametric bootstrap, by default of 500 replicates, of a slow
// model of 100.
func bootstrapped(m *lmm.Model, opt Options, draw func(*infer.BootstrapResult, ...Options) *Figure) *Figure {
	n := opt.Replicates
	if n == 0 {
		n = 500
		if slow(m) {
			n = 100
		}
	}
	b, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: n, Seed: opt.Seed})
	if err != nil {
		return failed("Bootstrap distributions", err)
	}
	return draw(b, opt.onLink(m, m.ResponseName()))
}

// KindNamed is the kind with a name; an *UnknownKindError where there is none.
func KindNamed(name string) (Kind, error) {
	var names []string
	for _, k := range Kinds() {
		if k.Name == name {
			return k, nil
		}
		names = append(names, k.Name)
	}
	return Kind{}, &UnknownKindError{Name: name, Nearest: nearest.Name(name, names)}
}

// UnknownKindError is a name that no figure of one model has.
type UnknownKindError struct {
	Name    string
	Nearest string // the one that was probably meant, or ""
}

func (e *UnknownKindError) Error() string {
	s := fmt.Sprintf("plots: there is no kind of figure %q", e.Name)
	if e.Nearest != "" {
		s += fmt.Sprintf("; did you mean %q?", e.Nearest)
	}
	return s
}

// failed is a figure that could not be made.
func failed(title string, err error) *Figure { return &Figure{title: title, err: err} }
