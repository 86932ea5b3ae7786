package diagnose

import (
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
)

// subject is a fit under study, with what several checks need.
type subject struct {
	m       *lmm.Model
	d       *design.Design
	verdict certify.Verdict
	obj     *lmm.Objective
	// rank and deficient describe the covariance matrix of each term.
	rank      []int
	deficient []bool
	// hidden says that the data cannot tell parameters of the term apart.
	hidden []bool
	least  float64 // eigenvalue of the scaled Gram matrix
	// absorbed says that the fixed effects leave nothing of the term.
	absorbed []bool
	single   []bool // every level has one row
	constant [][]int
	negative *unbounded // of the only variance, nil where there are more
}

func study(m *lmm.Model) *subject {
	s := &subject{m: m, d: m.Frame(), verdict: m.Verdict(), obj: m.Objective()}
	blocks := s.obj.Blocks()
	for t := range s.d.Terms {
		term := &s.d.Terms[t]
		rank, deficient := cone.Rank(blocks[t], s.obj.Point[t])
		s.rank, s.deficient = append(s.rank, rank), append(s.deficient, deficient)
		s.hidden = append(s.hidden, slices.ContainsFunc(s.verdict.NotIdentifiable, func(name string) bool {
			return strings.HasSuffix(name, " between levels of "+term.Group) && namesColumn(name, term) || strings.HasSuffix(name, " of "+term.Src)
		}))
		s.single = append(s.single, len(term.Levels) == len(s.d.Y))
		s.constant = append(s.constant, constantSlopes(term))
	}
	gram := s.obj.Gram()
	s.least = certify.Identify(gram, cone.Span(blocks, s.obj.Point)).Least
	s.absorbed = absorbed(gram, len(blocks))
	if s.onEdge() && len(s.d.Terms) == 1 && s.d.Terms[0].Z.Cols == 1 && s.deficient[0] && !s.hidden[0] {
		s.negative = unboundedVariance(s.d, m.REML())
	}
	return s
}

// namesColumn says that the name of a parameter has a column of the term in it.
func namesColumn(name string, t *design.Term) bool {
	return slices.ContainsFunc(t.Names, func(column string) bool {
		return strings.Contains(name, " of "+column+" ") || strings.Contains(name, " and "+column+" ")
	})
}

// onEdge says that the fit has converged and its place is known.
func (s *subject) onEdge() bool {
	return s.verdict.Convergence == certify.Converged && s.verdict.Place != certify.NoFiniteMaximum
}

// convergence passes on what the fit said of convergence.
func (s *subject) convergence() []finding.Finding {
	var out []finding.Finding
	for _, f := range s.m.Findings() {
		if strings.HasPrefix(f.Code, "C") {
			out = append(out, f)
		}
	}
	return out
}
