package covstruct

// place is where a row stands within its subject.
type place struct {
	t   float64 // in steps where the structure needs steps
	occ int     // number of the occasion
}

// pairing returns the correlation of two different rows of a subject and sets d
// to its derivatives with respect to phi.
type pairing func(a, b place, d []float64) float64

// correlation is a family of correlation matrices. A new one is a type that
// has these methods, and a case in newCorrelation.
type correlation interface {
	// size is the number of real parameters.
	size() int
	// start is a point where all parameters have an effect of their own.
	start() []float64
	// at returns the correlations at phi.
	at(phi []float64) pairing
	// natural returns the parameters as they are reported.
	natural(phi []float64) []Estimate
}

// Estimate is a parameter of the residuals in terms that a person reads.
type Estimate struct {
	Name  string
	Value float64
	// Lower and Upper are the limits of its range.
	Lower, Upper float64
}

// independent is no correlation at all.
type independent struct{}

func (independent) size() int        { return 0 }
func (independent) start() []float64 { return nil }
func (independent) at([]float64) pairing {
	return func(_, _ place, _ []float64) float64 { return 0 }
}
func (independent) natural([]float64) []Estimate { return nil }
