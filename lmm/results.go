package lmm

// Coefficient is one fixed effect.
type Coefficient struct {
	Name     string
	Estimate float64
	SE       float64 // NaN where not identified
	// Reason says why Estimate or SE is NaN: "aliased" and the like; "" otherwise.
	Reason string
}

// Component is the covariance matrix of one random-effects term.
type Component struct {
	Group  string   // "Subject", "batch:cask"
	Levels int      // number of levels of the grouping factor
	Names  []string // k coefficients
	SD     []float64
	Corr   [][]float64 // k x k; NaN beside a zero variance
	// Cov is k x k, in the units of the response squared; NaN where no float holds it.
	Cov [][]float64
	// Independent says that the formula has a parameter for the variance alone,
	// and none for its covariances with other columns of the same term.
	Independent bool
	// Reason says why the entries are not identified, "" where they are.
	Reason string
}

// Modes are the conditional modes of one random-effects term, the values of
// its coefficients that are most probable given the data and the estimates.
type Modes struct {
	Group  string
	Levels []string
	Names  []string    // k coefficients
	Mode   [][]float64 // levels x k
	// CondVar is, level by level, the k x k conditional covariance matrix of
	// the random effects given the data, beta and theta at their estimates.
	CondVar [][][]float64
}

// FitLog says how the estimates were obtained.
type FitLog struct {
	Optimizer   string      `json:"optimizer"`
	Starts      int         `json:"starts"`
	Evaluations int         `json:"evaluations"` // of the criterion, all starts
	Iterations  []Iteration `json:"iterations"`  // of the start that won
	Status      string      `json:"status"`      // why it stopped, in words
	// Quadrature tells what AutoQuadrature tried; nil without it.
	Quadrature []Quadrature `json:"quadrature,omitempty"`
}

// Iteration is one line of the log of a fit.
type Iteration struct {
	Criterion   float64 `json:"criterion"`
	Decrement   float64 `json:"decrement"`   // NaN where the optimizer does not know it
	Step        string  `json:"step"`        // newton, trust, polish, to edge; value, gradient, average, end
	Evaluations int     `json:"evaluations"` // made until then, of this start
}
