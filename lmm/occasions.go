package lmm

import (
	"math"
	"strings"
)

// Occasions says where the rows in a model stand: the subject and the time of each.
type Occasions struct {
	Subject  string   // its columns, "site:child"
	Time     string   // its column, "" for the order of the rows
	Subjects []string // in order of appearance
	Labels   []string // of the occasions, in order of time
	Of, At   []int    // a row: its subject and its occasion
	// Times are those of the rows, in steps where the structure counts steps.
	Times []float64
}

// Occasions returns where the structure of the residuals puts the rows; nil for a
// model whose residuals have none, or no subjects.
func (m *Model) Occasions() *Occasions {
	s := m.source.residual
	if s == nil || len(s.Spec.Subject) == 0 {
		return nil
	}
	n := m.NObs()
	out := &Occasions{Subject: strings.Join(s.Spec.Subject, ":"), Time: s.Spec.Time, Subjects: append([]string(nil), s.Subjects...),
		Labels: append([]string(nil), s.Occasions...), Of: make([]int, n), At: make([]int, n), Times: make([]float64, n)}
	for i := range n {
		p := s.PlaceOf(i)
		out.Of[i], out.At[i], out.Times[i] = p.Subject, p.Occasion, p.Time
	}
	return out
}

// ResidualMatrix is the covariance of the residuals over the occasions of a
// structure, those of all subjects together.
type ResidualMatrix struct {
	Time      string
	Occasions []string
	// Least and Most are the smallest and largest sd of the rows of each
	// occasion, in units of the response: they differ where the variance depends
	// on more than the occasion.
	Least, Most []float64
	// Corr are the correlations, NaN where no subject has both occasions, and
	// Subjects the number of those that have.
	Corr     [][]float64
	Subjects [][]int
	// Reason says why the values are not identified, "" where they are.
	Reason string
}

// mostOccasions bounds a ResidualMatrix.
const mostOccasions = 50

// ResidualMatrix returns the matrix; nil for residuals without a correlation
// within subjects, and for more than 50 occasions, which ResidualCovariance has
// for one subject at a time.
func (m *Model) ResidualMatrix() *ResidualMatrix {
	o := m.Occasions()
	if o == nil || m.source.residual.Spec.Kind == "id" || len(o.Labels) > mostOccasions {
		return nil
	}
	k := len(o.Labels)
	out := &ResidualMatrix{Time: o.Time, Occasions: o.Labels, Least: fill(k, math.NaN()), Most: fill(k, math.NaN()), Reason: m.Residual().Reason}
	for range k {
		out.Corr, out.Subjects = append(out.Corr, fill(k, math.NaN())), append(out.Subjects, make([]int, k))
	}
	rows := make([][]int, len(o.Subjects))
	for i, s := range o.Of {
		rows[s] = append(rows[s], i)
	}
	c := m.RowCovariance()
	identified := out.Reason == "" && !math.IsNaN(m.Sigma())
	for _, subject := range rows {
		for _, i := range subject {
			a, vi := o.At[i], c.Residual(i, i)
			if sd := math.Sqrt(vi); identified {
				if !(out.Least[a] <= sd) {
					out.Least[a] = sd
				}
				if !(out.Most[a] >= sd) {
					out.Most[a] = sd
				}
			}
			for _, j := range subject {
				b := o.At[j]
				out.Subjects[a][b]++
				if identified {
					out.Corr[a][b] = c.Residual(i, j) / math.Sqrt(vi*c.Residual(j, j))
				}
			}
		}
	}
	return out
}

func fill(n int, v float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}
