package summary

import (
	"math"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/finding"
)

// fake is a model of given numbers, for verdicts that a healthy optimiser does
// not return.
type fake struct {
	formula, response                  string
	reml                               bool
	criterion, logLik, aic, bic, sigma float64
	npar, nobs, dropped                int
	theta                              []float64
	thetaNames                         []string
	fixed                              []lmm.Coefficient
	random                             []lmm.Component
	verdict                            certify.Verdict
	findings                           []finding.Finding
	log                                lmm.FitLog
	family                             *family.Family
}

func (f *fake) Formula() string                     { return f.formula }
func (f *fake) ResponseName() string                { return f.response }
func (f *fake) REML() bool                          { return f.reml }
func (f *fake) Criterion() float64                  { return f.criterion }
func (f *fake) LogLik() float64                     { return f.logLik }
func (f *fake) AIC() float64                        { return f.aic }
func (f *fake) BIC() float64                        { return f.bic }
func (f *fake) Sigma() float64                      { return f.sigma }
func (f *fake) NPar() int                           { return f.npar }
func (f *fake) NObs() int                           { return f.nobs }
func (f *fake) RowsDropped() int                    { return f.dropped }
func (f *fake) Theta() []float64                    { return f.theta }
func (f *fake) ThetaNames() []string                { return f.thetaNames }
func (f *fake) FixedEffects() []lmm.Coefficient     { return f.fixed }
func (f *fake) VarCorr() []lmm.Component            { return f.random }
func (f *fake) Family() *family.Family              { return f.family }
func (f *fake) Approximation() string               { return "Laplace approximation" }
func (f *fake) Shape() float64                      { return math.NaN() }
func (f *fake) Residual() *lmm.Residual             { return nil }
func (f *fake) ResidualMatrix() *lmm.ResidualMatrix { return nil }
func (f *fake) Verdict() certify.Verdict            { return f.verdict }
func (f *fake) Findings() []finding.Finding         { return f.findings }
func (f *fake) Log() lmm.FitLog                     { return f.log }

// sleepstudy is the fit of Reaction ~ Days + (Days | Subject) by lme4 1.1-31.
func sleepstudy() *fake {
	return &fake{
		formula: "Reaction ~ Days + (Days | Subject)", response: "Reaction", reml: true,
		criterion: 1743.62827195849, logLik: -871.814135979246, aic: 1755.62827195849, bic: 1774.78601306383,
		sigma: 25.5918156292758, npar: 6, nobs: 180,
		theta:      []float64{0.966732950658942, 0.0151690556179394, 0.230909594466521},
		thetaNames: []string{"Subject.(Intercept)", "Subject.Days.(Intercept)", "Subject.Days"},
		fixed: []lmm.Coefficient{
			{Name: "(Intercept)", Estimate: 251.405104848484, SE: 6.82455652653394},
			{Name: "Days", Estimate: 10.4672859595956, SE: 1.54578889533213},
		},
		random: []lmm.Component{{
			Group: "Subject", Levels: 18, Names: []string{"(Intercept)", "Days"},
			SD:   []float64{24.7404514360094, 5.92213309907572},
			Corr: [][]float64{{1, 0.0655513255359156}, {0.0655513255359156, 1}},
		}},
		verdict: certify.Verdict{Convergence: certify.Converged, Place: certify.Interior, Decrement: 3.1e-13},
		log: lmm.FitLog{Optimizer: "trust-region Newton", Starts: 1, Evaluations: 9,
			Iterations: make([]lmm.Iteration, 6), Status: "the Newton decrement is below 1e-8"},
	}
}

// dyestuff2 is the fit of Yield ~ 1 + (1 | Batch) by lme4 1.1-31, on the boundary.
func dyestuff2() *fake {
	return &fake{
		formula: "Yield ~ 1 + (1 | Batch)", response: "Yield", reml: true,
		criterion: 161.828277812288, logLik: -80.9141389061442, aic: 167.828277812288, bic: 172.031869957275,
		sigma: 3.71568427447573, npar: 3, nobs: 30,
		theta: []float64{0}, thetaNames: []string{"Batch.(Intercept)"},
		fixed:   []lmm.Coefficient{{Name: "(Intercept)", Estimate: 5.6656, SE: 0.678388031232524}},
		random:  []lmm.Component{{Group: "Batch", Levels: 6, Names: []string{"(Intercept)"}, SD: []float64{0}, Corr: [][]float64{{1}}}},
		verdict: certify.Verdict{Convergence: certify.Converged, Place: certify.Boundary},
		log: lmm.FitLog{Optimizer: "trust-region Newton", Starts: 1, Evaluations: 4,
			Iterations: make([]lmm.Iteration, 3), Status: "the Newton decrement is below 1e-8"},
	}
}

// ridge is an invented fit with an aliased column and two terms that cannot be
// told apart; the level of a factor is named to test escaping.
func ridge() *fake {
	nan := math.NaN()
	f := dyestuff2()
	f.formula, f.response = "y ~ x + z + f + (1 | a) + (1 | b)", "y"
	f.verdict = certify.Verdict{Convergence: certify.Converged, Place: certify.NotIdentifiable,
		NotIdentifiable: []string{"sd of (Intercept), a", "sd of (Intercept), b"}}
	f.fixed = []lmm.Coefficient{
		{Name: "(Intercept)", Estimate: 5.6656, SE: 0.678},
		{Name: "x", Estimate: -0.000012345, SE: 0.00000345},
		{Name: "z", Estimate: nan, SE: nan, Reason: "aliased: a combination of the other columns"},
		{Name: "f<script>alert(1)</script>|_$x^2$&", Estimate: -1.5, SE: 0.7},
	}
	reason := "the data only know the sum of the variances of a and b"
	f.random = []lmm.Component{
		{Group: "a", Levels: 6, Names: []string{"(Intercept)"}, SD: []float64{nan}, Corr: [][]float64{{1}}, Reason: reason},
		{Group: "b", Levels: 6, Names: []string{"(Intercept)"}, SD: []float64{nan}, Corr: [][]float64{{1}}, Reason: reason},
	}
	f.findings = []finding.Finding{
		{Code: "D3", Name: "FEW_LEVELS", Severity: finding.Note, Params: []string{"a"},
			Evidence: []finding.Evidence{{Check: "levels of a", Found: 4, Limit: 5}}, Meaning: "A variance is estimated from 4 numbers.",
			Remedies: []string{"Use a fixed effect.", "Use a weak prior."}},
		{Code: "I1", Name: "NOT_IDENT", Severity: finding.Serious, Params: []string{"a", "b"},
			Evidence: []finding.Evidence{{Check: "least eigenvalue", Found: 3e-17, Limit: 1e-10}},
			Meaning:  "Two variances do one job.", Remedies: []string{"Drop (1 | a).", "Drop (1 | b)."}},
	}
	return f
}

// stopped is an invented fit that has not converged.
func stopped() *fake {
	f := sleepstudy()
	f.verdict = certify.Verdict{Convergence: certify.NotConverged, Decrement: 8.87}
	f.log.Status = "the limit of 10000 evaluations was reached"
	return f
}
