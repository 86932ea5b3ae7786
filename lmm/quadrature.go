package lmm

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/solve"
)

// Quadrature is a number of nodes that AutoQuadrature tried, and the criterion
// that they give at the estimates of the fit before.
type Quadrature struct {
	Nodes     int     `json:"nodes"`
	Criterion float64 `json:"criterion"`
}

// ladder are the numbers of nodes that AutoQuadrature tries after 1.
var ladder = [...]int{3, 5, 7, 9, 13, 19, 25, 35, 49}

// agreed is the difference of the criterion at which more nodes are not needed.
const agreed = 1e-6

// grow fits with ever more nodes, until they tell no difference.
func (m *Model) grow(method solve.Method) (*Model, error) {
	tried := []Quadrature{{m.Nodes(), m.criterion}}
	evaluations := m.log.Evaluations
	settled := false
	for _, nodes := range ladder {
		if !m.affordable(nodes) {
			break
		}
		src, err := m.source.general.grow(nodes)
		if err != nil {
			return nil, err
		}
		more := fitOnce(m.design, src, m.opt, method, m.found.Point)
		tried = append(tried, Quadrature{nodes, more.criterion})
		evaluations += more.log.Evaluations
		settled = math.Abs(more.criterion-m.criterion) < agreed
		m = more
		if settled || math.IsNaN(m.criterion) {
			break
		}
	}
	m.log.Quadrature, m.log.Evaluations = tried, evaluations
	if !settled {
		m.findings = append(m.findings, unsettled(tried))
	}
	return m, nil
}

const (
	// levelNodes bounds the nodes of a level that AutoQuadrature goes up to, and
	// rowNodes those of all rows: a fit at the bound takes minutes.
	levelNodes = 5000
	rowNodes   = 2e7
)

// affordable says that AutoQuadrature may try so many nodes a dimension.
func (m *Model) affordable(nodes int) bool {
	dims := 0
	for i := range m.design.Terms {
		dims += m.design.Terms[i].Z.Cols
	}
	all := math.Pow(float64(nodes), float64(dims))
	return all <= levelNodes && all*float64(m.NObs()) <= rowNodes
}

// approximation names what stands for the likelihood.
func (g *generalised) approximation() string {
	switch g.nodes {
	case 0:
		return "joint approximation"
	case 1:
		return "Laplace approximation"
	}
	return fmt.Sprintf("adaptive quadrature, %d nodes", g.nodes)
}

// Approximation says what stands for the likelihood of a generalised model:
// "Laplace approximation", "adaptive quadrature, 9 nodes", "joint approximation";
// "" for a linear one, whose likelihood is exact.
func (m *Model) Approximation() string {
	if m.source.general == nil {
		return ""
	}
	return m.source.general.approximation()
}
