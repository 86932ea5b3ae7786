package diagnose

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/finding"
)

// refine fits with more nodes of quadrature where the fit is Laplace's approximation for
// one grouping factor, and that is not too dear.
func (g *general) refine(nodes, cost int) {
	if g.finer != nil || g.m.Nodes() != 1 {
		return
	}
	k := 0
	for t := range g.d.Terms {
		if g.d.Terms[t].Group != g.d.Terms[0].Group {
			return
		}
		k += g.d.Terms[t].Z.Cols
	}
	if k > maxNodesDim || len(g.d.Y)*k*k > cost {
		return
	}
	opt := g.like()
	opt.Quadrature = nodes
	if m, err := lmm.FitDesign(g.d, opt); err == nil && !math.IsNaN(m.Criterion()) {
		g.finer = m
	}
}

// like are the options that fit another design as the model was fitted.
func (s *subject) like() *lmm.Options {
	own := s.m.Options()
	return &lmm.Options{ML: own.ML, Family: own.Family, Link: own.Link, Quadrature: own.Quadrature}
}

// movedByNodes is the largest change of a fixed effect in standard errors, and
// its name; NaN where there is no finer fit.
func (g *general) movedByNodes() (most float64, name string) {
	if g.finer == nil {
		return math.NaN(), ""
	}
	after := g.finer.FixedEffects()
	for i, c := range g.m.FixedEffects() {
		if d := math.Abs(after[i].Estimate-c.Estimate) / c.SE; d > most {
			most, name = d, c.Name
		}
	}
	return most, name
}

// quadrature is A4: Laplace's approximation is not good enough.
func (g *general) quadrature() (finding.Finding, bool) {
	g.refine(checkNodes, dearNodes)
	most, name := g.movedByNodes()
	if g.finer == nil || most < effectsDiffer && g.movedSD() < sdsDiffer {
		return finding.Finding{}, false
	}
	f := finding.Finding{Code: "A4", Name: "QUADRATURE", Severity: finding.Caution, Params: []string{},
		Evidence: []finding.Evidence{
			{Check: "largest change of a fixed effect by more nodes, in SE", Found: most, Limit: effectsDiffer},
			{Check: "largest change of a standard deviation by more nodes, as a share", Found: g.movedSD(), Limit: sdsDiffer},
			{Check: "change of the criterion", Found: g.finer.Criterion() - g.m.Criterion()}},
		Meaning:  fmt.Sprintf("Laplace's approximation is not good enough here: with %d nodes", g.finer.Nodes()),
		Remedies: []string{fmt.Sprintf("Fit with %d nodes (Quadrature, --agq).", g.finer.Nodes())}}
	if most >= effectsDiffer {
		f.Params = append(f.Params, name)
		f.Meaning += fmt.Sprintf(" the estimate of %s moves by %.2f standard errors", name, most)
	}
	if sd := g.movedSD(); sd >= sdsDiffer {
		if most >= effectsDiffer {
			f.Meaning += ", and"
		}
		f.Meaning += fmt.Sprintf(" a standard deviation of random effects changes by %.0f %%", 100*sd)
	}
	f.Meaning += "."
	return f, true
}

// movedSD is the largest relative change of a standard deviation.
func (g *general) movedSD() float64 {
	var most float64
	after := g.finer.VarCorr()
	for t, c := range g.m.VarCorr() {
		for r, sd := range c.SD {
			if to := after[t].SD[r]; math.Max(sd, to) > 0 {
				most = math.Max(most, math.Abs(to-sd)/math.Max(sd, to))
			}
		}
	}
	return most
}
