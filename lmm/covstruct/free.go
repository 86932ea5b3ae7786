package covstruct

import (
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/table"
)

// component is a variance between the levels of a grouping factor that may be
// negative: it adds psi to the entries of R of rows that share a level, whose
// weights are 1. R is positive definite as long as psi > -1/m with levels of m
// rows and no other structure; what a negative psi says is that rows of one level
// are less alike than strangers (Nelder 1954; Verbeke and Molenberghs 2000, sec.
// 5.6).
type component struct {
	group string
	level []int32 // a row
	count []int   // rows of each level
}

// bindFree numbers the levels of the free components.
func (s *Structure) bindFree(tab *table.Table, rows []int) error {
	for _, columns := range s.Spec.Free {
		c := component{group: strings.Join(columns, ":"), level: make([]int32, len(rows))}
		index := map[string]int32{}
		for i, r := range rows {
			var key strings.Builder
			for _, name := range columns {
				key.WriteString(tab.Column(name).Text(r))
				key.WriteByte(0)
			}
			j, ok := index[key.String()]
			if !ok {
				j = int32(len(index))
				index[key.String()] = j
				c.count = append(c.count, 0)
			}
			c.level[i] = j
			c.count[j]++
		}
		if len(c.count) == len(rows) {
			return dataError(0, "free(1 | %s): each of the %d levels has one row, so that its variance is that of the residuals", c.group, len(rows))
		}
		if len(c.count) < 2 {
			return dataError(0, "free(1 | %s): there is one level, so that nothing varies between levels", c.group)
		}
		s.free = append(s.free, c)
	}
	return nil
}

// step is a change of psi that matters: that of a level of ordinary size.
func (c *component) step(rows int) float64 { return float64(len(c.count)) / float64(rows) }

// bound sets what psi of a single component stays above: -1 over the largest sum
// of the weights of a level.
func (s *Structure) bound(weights []float64) {
	s.least = math.Inf(-1)
	if len(s.free) != 1 || s.Spec.Kind != "id" || s.Varies() {
		return
	}
	c := &s.free[0]
	sum := make([]float64, len(c.count))
	for i, j := range c.level {
		if weights == nil {
			sum[j]++
		} else {
			sum[j] += weights[i]
		}
	}
	s.least = -1 / slices.Max(sum)
}

// components returns psi of each free component, from the blocks of a point that
// belong to the structure.
func (s *Structure) components(p [][]float64) []float64 {
	n := len(s.free)
	if n == 0 {
		return nil
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = p[len(p)-1][i*n+i]
	}
	return out
}

// FreeVariance is a variance that may be negative.
type FreeVariance struct {
	Group  string // "batch:cask"
	Levels int
	// Ratio is the variance over the one that the criterion profiles.
	Ratio float64
}

// Free returns the free components, from the blocks of a point that belong to the
// structure.
func (s *Structure) Free(p [][]float64) []FreeVariance {
	var out []FreeVariance
	for i, psi := range s.components(p) {
		out = append(out, FreeVariance{s.free[i].group, len(s.free[i].count), psi})
	}
	return out
}

// share adds the free components to R of a group and, with slopes, sets their
// derivatives, which come last.
func (s *Structure) share(r []float64, dr [][]float64, slopes bool, psi []float64, g *group) {
	n := len(g.rows)
	for _, b := range g.free {
		for x, i := range b.at {
			for y, j := range b.at {
				w := b.root[x] * b.root[y]
				r[i*n+j] += psi[b.term] * w
				if slopes {
					dr[len(dr)-len(psi)+b.term][i*n+j] = w
				}
			}
		}
	}
}

// freeBlocks finds the rows of a group in each level of the free components.
func (s *Structure) freeBlocks(d *design.Design, rows []int) []zblock {
	var out []zblock
	for t := range s.free {
		at := map[int32]int{}
		for i, r := range rows {
			level := s.free[t].level[r]
			b, ok := at[level]
			if !ok {
				b = len(out)
				at[level] = b
				out = append(out, zblock{term: t, level: level})
			}
			root := 1.0
			if d.Weights != nil {
				root = math.Sqrt(d.Weights[r])
			}
			out[b].at, out[b].root = append(out[b].at, i), append(out[b].root, root)
		}
	}
	return out
}
