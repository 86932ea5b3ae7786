package infer

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/mathext"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
)

// DF is the way to degrees of freedom for the fixed effects.
type DF int

const (
	// Auto is Satterthwaite, but KenwardRoger for a fit by REML on the boundary
	// or with a grouping factor of fewer than 20 levels, and Normal for a
	// generalised model, which has no other.
	Auto DF = iota
	// Satterthwaite takes the variance of the estimated variance of a contrast
	// from the exact Hessian at the estimates (Satterthwaite 1946; Fai and
	// Cornelius 1996 for several rows). On the boundary the Hessian is that of
	// the face on which the estimates lie: a variance of 0 counts as known.
	Satterthwaite
	// KenwardRoger adjusts the covariance of the fixed effects, too, by the
	// expected information of all variance parameters, those on the boundary
	// included (Kenward and Roger 1997, with linear V: no second derivatives).
	// REML only.
	KenwardRoger
	// Normal takes the variances as known: z and chi-square tests (Wald).
	Normal
)

func (d DF) String() string {
	switch d {
	case Auto:
		return "auto"
	case Satterthwaite:
		return "Satterthwaite"
	case KenwardRoger:
		return "Kenward-Roger"
	case Normal:
		return "normal"
	}
	return fmt.Sprintf("DF(%d)", int(d))
}

// MarshalText writes the method by its name.
func (d DF) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// ParseDF reads the name of a method: auto, satterthwaite, kenward-roger, normal.
func ParseDF(name string) (DF, error) {
	for d := Auto; d <= Normal; d++ {
		if strings.EqualFold(name, d.String()) {
			return d, nil
		}
	}
	return 0, fmt.Errorf("degrees of freedom %q are not known: auto, satterthwaite, kenward-roger and normal are", name)
}

// fewLevels: below it Auto is Kenward-Roger.
const fewLevels = 20

// choose resolves Auto and says why.
func choose(m *lmm.Model, d DF) (DF, string, error) {
	switch {
	case d < Auto || d > Normal:
		return 0, "", fmt.Errorf("%v is no way to degrees of freedom", d)
	case m.Family() != nil:
		return chooseGeneral(m, d)
	case d == KenwardRoger && !m.REML():
		return 0, "", fmt.Errorf("Kenward-Roger needs a fit by REML, and this one is by ML: fit it again with REML, or take Satterthwaite")
	case d != Auto:
		return d, "", nil
	case !m.REML():
		return Satterthwaite, "the default for a fit by ML", nil
	case m.Verdict().Place == certify.Boundary:
		return KenwardRoger, "the default on the boundary", nil
	}
	if r := m.Residual(); r != nil && r.Subjects < fewLevels {
		return KenwardRoger, fmt.Sprintf("the default with few subjects: %s has %d", r.Structure, r.Subjects), nil
	}
	for i := range m.Frame().Terms {
		if t := &m.Frame().Terms[i]; len(t.Levels) < fewLevels {
			return KenwardRoger, fmt.Sprintf("the default with few groups: %s has %d", t.Group, len(t.Levels)), nil
		}
	}
	return Satterthwaite, fmt.Sprintf("the default with %d groups or more", fewLevels), nil
}

// tailT is the probability of a t value farther from 0, df +Inf for a normal
// distribution.
func tailT(t, df float64) float64 {
	switch {
	case math.IsNaN(t) || math.IsNaN(df) || df <= 0:
		return math.NaN()
	case math.IsInf(df, 1):
		return math.Erfc(math.Abs(t) / math.Sqrt2)
	case math.IsInf(t, 0):
		return 0
	}
	return mathext.RegIncBeta(df/2, 0.5, df/(df+t*t))
}

// tailF is the probability of a larger F value.
func tailF(f, ndf, ddf float64) float64 {
	switch {
	case math.IsNaN(f) || math.IsNaN(ddf) || ddf <= 0:
		return math.NaN()
	case math.IsInf(ddf, 1):
		return mathext.GammaIncRegComp(ndf/2, ndf*f/2)
	case f <= 0:
		return 1
	}
	return mathext.RegIncBeta(ddf/2, ndf/2, ddf/(ddf+ndf*f))
}

// quantileT is the t beyond which, on both sides, a share alpha lies.
func quantileT(alpha, df float64) float64 {
	switch {
	case math.IsNaN(df) || df <= 0:
		return math.NaN()
	case math.IsInf(df, 1) || df > 1e7: // the difference is below 1e-7
		return -mathext.NormalQuantile(alpha / 2)
	}
	x := mathext.InvRegIncBeta(df/2, 0.5, alpha)
	if x > 0.5 { // 1 - x has lost digits: Newton steps on t itself
		t := -mathext.NormalQuantile(alpha / 2)
		lg1, _ := math.Lgamma((df + 1) / 2)
		lg2, _ := math.Lgamma(df / 2)
		c := lg1 - lg2 - math.Log(df*math.Pi)/2
		for range 50 {
			density := math.Exp(c - (df+1)/2*math.Log1p(t*t/df))
			step := (tailT(t, df) - alpha) / (2 * density)
			t += step
			if math.Abs(step) < 1e-13*t {
				break
			}
		}
		return t
	}
	return math.Sqrt(df * (1 - x) / x)
}
