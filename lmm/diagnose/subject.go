package diagnose

import (
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
)

// subject is a fit under study, with what several checks need.
type subject struct {
	m       *lmm.Model
	d       *design.Design
	verdict certify.Verdict // that of the fit, taken back where another point is better
	local   certify.Verdict // that of the fit
	obj     *lmm.Objective
	// rank and deficient describe the covariance matrix of each term.
	rank      []int
	deficient []bool
	// hidden says that the data cannot tell parameters of the term apart.
	hidden []bool
	least  float64 // eigenvalue of the scaled Gram matrix
	// absorbed says that the fixed effects leave nothing of the term.
	absorbed []bool
	effects  []effectAt // fixed effects of the fit; set by try
	single   []bool     // every level has one row
	constant [][]int
	// best is what a search finds where the point of the fit was given, gap what
	// its criterion is lower by.
	best *lmm.Model
	gap  float64
	// others is what searches from other starts found, nil where there were none,
	// for which unsought may say why.
	others   *AllFitResult
	unsought string
	// codes are those of the findings; set by Run.
	codes map[string]bool
	free  []*unbounded // a term: the fit beyond the boundary, nil where there is none
}

// study is a fit with all that the checks need.
func study(m *lmm.Model, opt *Options) *subject {
	s := survey(m)
	s.compareWithBest()
	s.elsewhere(opt)
	s.free = make([]*unbounded, len(s.d.Terms))
	if s.onEdge() && m.Residual() == nil && m.Family() == nil {
		for t := range s.free {
			s.free[t] = s.release(t)
		}
	}
	return s
}

// survey is study without what a fit has to say.
func survey(m *lmm.Model) *subject {
	s := &subject{m: m, d: m.Frame(), verdict: m.Verdict(), local: m.Verdict(), obj: m.Objective()}
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
