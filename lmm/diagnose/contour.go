package diagnose

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
)

// Contour is the criterion over two standard deviations of random effects,
// relative to sigma; fixed effects and sigma are at their best everywhere, the
// other standard deviations and all correlations at the estimates of the model.
// It shows several maxima, and whether a valley is flat.
type Contour struct {
	X, Y    string // "Subject.(Intercept)", as in lmm.Model.ThetaNames
	XValues []float64
	YValues []float64
	// Criterion has a row for each of YValues; NaN where there is none.
	Criterion [][]float64
	// Marks are the maxima that were found, the lowest criterion first.
	Marks []ContourMark
}

// ContourMark is a maximum in the plane of a contour.
type ContourMark struct{ X, Y, Criterion float64 }

// relativeSD is the standard deviation of a row of a term over sigma.
type relativeSD struct {
	name     string
	term, at int
}

// relativeSDs lists the standard deviations of a model; a term with compound
// symmetry has one.
func relativeSDs(m *lmm.Model) []relativeSD {
	var out []relativeSD
	for t := range m.Frame().Terms {
		term := &m.Frame().Terms[t]
		for r, name := range term.Names {
			if term.Shape == formula.CompSymm {
				name = "cs"
			}
			out = append(out, relativeSD{term.Group + "." + name, t, r})
			if term.Shape == formula.CompSymm {
				break
			}
		}
	}
	return out
}

// ContourParameters returns the names of the standard deviations over which Grid
// can draw the criterion of a model.
func ContourParameters(m *lmm.Model) []string {
	var names []string
	for _, p := range relativeSDs(m) {
		names = append(names, p.name)
	}
	return names
}

// contourReach is how far beyond the largest maximum the axes go.
const contourReach = 2

// Grid computes the criterion of the model over n x n values of two standard
// deviations, from 0 to twice the largest at a maximum, in steps that are even
// near 0 and proportional far out.
//
// Errors: a name that is none of ContourParameters, twice the same; n below 2.
func (r *AllFitResult) Grid(x, y string, n int) (*Contour, error) {
	var at [2]*relativeSD
	all := relativeSDs(r.model)
	for i, name := range []string{x, y} {
		for j := range all {
			if all[j].name == name && (i == 0 || at[0] != &all[j]) {
				at[i] = &all[j]
			}
		}
		if at[i] == nil {
			return nil, fmt.Errorf("a contour needs two standard deviations; %q and %q are not two of %s", x, y, strings.Join(ContourParameters(r.model), ", "))
		}
	}
	if n < 2 {
		return nil, fmt.Errorf("a contour of %d by %d values shows nothing: use 40 or so", n, n)
	}
	c := &Contour{X: x, Y: y}
	here := sdsOf(r.model, at)
	top := here
	for i := range r.Maxima {
		s := sdsOf(r.first(i), at)
		c.Marks = append(c.Marks, ContourMark{s[0], s[1], r.Maxima[i].Criterion})
		top[0], top[1] = math.Max(top[0], s[0]), math.Max(top[1], s[1])
	}
	obj := r.model.Objective()
	c.XValues, c.YValues = gridValues(obj, at[0], top[0], n), gridValues(obj, at[1], top[1], n)
	for _, b := range c.YValues {
		row := make([]float64, n)
		for i, a := range c.XValues {
			row[i] = math.NaN()
			if p := withSDs(obj, at, [2]float64{a, b}); p != nil {
				row[i] = finiteOr(obj.Value(p) + obj.Shift())
			}
		}
		c.Criterion = append(c.Criterion, row)
	}
	return c, nil
}

// gridValues are n values from 0 to past top: the inverse hyperbolic sine of
// them, in units of the term, is evenly spaced.
func gridValues(obj *lmm.Objective, p *relativeSD, top float64, n int) []float64 {
	unit := obj.Blocks()[p.term].Unit * columnSize(obj, p)
	last := math.Asinh(contourReach * math.Max(top, unit) / unit)
	out := make([]float64, n)
	for i := range out {
		out[i] = unit * math.Sinh(last*float64(i)/float64(n-1))
	}
	return out
}

// columnSize is what one unit of Lambda in internal coordinates is at least in
// the user's for a row: the length of the row of T.
func columnSize(obj *lmm.Objective, p *relativeSD) float64 {
	t, k := obj.Coords.T[p.term], obj.Blocks()[p.term].K
	var s float64
	for _, v := range t[p.at*k : p.at*k+k] {
		s = math.Hypot(s, v)
	}
	return s
}

// sdsOf are two standard deviations of a model over sigma.
func sdsOf(m *lmm.Model, at [2]*relativeSD) (sd [2]float64) {
	obj := m.Objective()
	for i, p := range at {
		blk := obj.Blocks()[p.term]
		psi := outward(matrixOf(blk, obj.Point[p.term]), obj.Coords.T[p.term], blk.K)
		sd[i] = math.Sqrt(math.Max(0, psi[p.at*blk.K+p.at]))
	}
	return sd
}

// withSDs is the point of the model with two standard deviations changed, the
// correlations as they are, 0 beside a standard deviation that was 0; nil if there
// is none.
func withSDs(obj *lmm.Objective, at [2]*relativeSD, sd [2]float64) cone.Point {
	out := obj.Point.Clone()
	psi := map[int][]float64{}
	for i, p := range at {
		blk := obj.Blocks()[p.term]
		k, t := blk.K, obj.Coords.T[p.term]
		if psi[p.term] == nil {
			psi[p.term] = outward(matrixOf(blk, obj.Point[p.term]), t, k)
		}
		m := psi[p.term]
		before := math.Sqrt(math.Max(0, m[p.at*k+p.at]))
		if blk.Shape == cone.CompSymm {
			for j := range m {
				m[j] *= sd[i] * sd[i] / (before * before)
			}
			if before == 0 {
				return nil
			}
			continue
		}
		for j := range k {
			f := 0.0
			if before > 0 {
				f = sd[i] / before
			}
			m[p.at*k+j] *= f
			m[j*k+p.at] *= f
		}
		m[p.at*k+p.at] = sd[i] * sd[i]
	}
	for term, m := range psi {
		blk := obj.Blocks()[term]
		inverse := upperInverse(obj.Coords.T[term], blk.K)
		var ok bool
		if out[term], ok = cone.Nearest(blk, outward(m, inverse, blk.K), 0); !ok {
			return nil
		}
	}
	return out
}

// upperInverse is the inverse of an upper triangular matrix.
func upperInverse(t []float64, k int) []float64 {
	out := make([]float64, k*k)
	for c := range k {
		for r := c; r >= 0; r-- {
			s := 0.0
			if r == c {
				s = 1
			}
			for i := r + 1; i <= c; i++ {
				s -= t[r*k+i] * out[i*k+c]
			}
			out[r*k+c] = s / t[r*k+r]
		}
	}
	return out
}

// MarshalJSON writes the keys x, y, x_values, y_values, criterion, marks.
func (c *Contour) MarshalJSON() ([]byte, error) {
	rows := make([][]jsonnum.Number, len(c.Criterion))
	for i, r := range c.Criterion {
		rows[i] = jsonnum.List(r)
	}
	type mark struct {
		X         jsonnum.Number `json:"x"`
		Y         jsonnum.Number `json:"y"`
		Criterion jsonnum.Number `json:"criterion"`
	}
	marks := make([]mark, len(c.Marks))
	for i, m := range c.Marks {
		marks[i] = mark{jsonnum.Number(m.X), jsonnum.Number(m.Y), jsonnum.Number(m.Criterion)}
	}
	return json.Marshal(struct {
		X         string             `json:"x"`
		Y         string             `json:"y"`
		XValues   []float64          `json:"x_values"`
		YValues   []float64          `json:"y_values"`
		Criterion [][]jsonnum.Number `json:"criterion"`
		Marks     []mark             `json:"marks"`
	}{c.X, c.Y, c.XValues, c.YValues, rows, marks})
}
