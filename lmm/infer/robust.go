package infer

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
)

// Correction is the small-sample correction of a sandwich: what the score of a
// cluster is multiplied by, S being its share of the information (Bell and
// McCaffrey 2002).
type Correction int

const (
	CR2 Correction = iota // (I - S)^-1/2: unbiased if the model is right; the default
	CR0                   // none: too small with few clusters
	CR1                   // the root of m / (m - 1), m clusters
	CR3                   // (I - S)^-1: about the jackknife
)

var correctionNames = [...]string{CR2: "CR2", CR0: "CR0", CR1: "CR1", CR3: "CR3"}

func (c Correction) String() string {
	if c < 0 || int(c) >= len(correctionNames) {
		return fmt.Sprintf("Correction(%d)", int(c))
	}
	return correctionNames[c]
}

// MarshalText writes the name.
func (c Correction) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// ParseCorrection reads a name, in any case.
func ParseCorrection(name string) (Correction, error) {
	for c, n := range correctionNames {
		if strings.EqualFold(n, name) {
			return Correction(c), nil
		}
	}
	return 0, fmt.Errorf("there is no correction %q: take CR0, CR1, CR2 or CR3", name)
}

// RobustOptions of Robust. The zero value, or nil, is the default of every field.
type RobustOptions struct {
	Correction Correction
	// Cluster names a column whose levels are the clusters. The default are the
	// groups of rows that the model takes to be independent of each other;
	// levels must be made of whole groups.
	Cluster string
	Level   float64 // of the intervals; 0: 0.95
}

// RobustTable has the fixed effects with standard errors that hold where the
// covariance of the model is wrong, but its clusters are independent.
type RobustTable struct {
	Rows       []Estimate
	Correction Correction
	Clusters   int
	Level      float64
	Vcov       [][]float64
}

// Robust returns sandwich standard errors (Liang and Zeger 1986),
//
//	(X'V^-1X)^-1 (sum of X_i'V_i^-1 A_i e_i e_i'A_i'V_i^-1X_i) (X'V^-1X)^-1,
//
// with the degrees of freedom of Bell and McCaffrey (2002; Pustejovsky and
// Tipton 2018), which take the covariance of the model to be right:
//
//	2 E(v)^2 / Var(v),  v the estimated variance.
//
// With few clusters, below about 10, no correction makes them safe; the degrees of
// freedom say so.
//
// Errors: a level outside (0, 1), an unknown column, clusters that split groups,
// fewer than two clusters, a fit without a maximum.
func Robust(m *lmm.Model, opt *RobustOptions) (*RobustTable, error) {
	if err := gaussianOnly(m, "sandwich standard errors", "package gee has them for marginal models, and infer.Bootstrap with Kind Case makes no assumption on the distribution"); err != nil {
		return nil, err
	}
	if opt == nil {
		opt = &RobustOptions{}
	}
	if opt.Correction < CR2 || opt.Correction > CR3 {
		return nil, fmt.Errorf("%d is no correction of a sandwich: take CR0, CR1, CR2 or CR3", int(opt.Correction))
	}
	level, err := levelOrDefault(opt.Level)
	if err != nil {
		return nil, err
	}
	if msg := settled(m); msg != "" {
		return nil, fmt.Errorf("no standard errors for the fit of %q: %s", m.Formula(), msg)
	}
	scores, root, err := scoresOf(m)
	if err != nil {
		return nil, err
	}
	scores, err = clustered(m, scores, opt.Cluster)
	if err != nil {
		return nil, err
	}
	r := &sandwich{p: len(scores[0].U), root: root, co: m.Objective().Coords}
	for _, s := range scores {
		if err := r.add(s, opt.Correction, len(scores)); err != nil {
			return nil, err
		}
	}
	out := &RobustTable{Correction: opt.Correction, Clusters: len(scores), Level: level}
	for _, c := range m.FixedEffects() {
		e := Estimate{Name: c.Name, Value: c.Estimate, SE: math.NaN(), DF: math.NaN(), T: math.NaN(), P: math.NaN(), Lower: math.NaN(), Upper: math.NaN(), Reason: c.Reason}
		if !math.IsNaN(c.Estimate) {
			l := make([]float64, r.p)
			l[slices.Index(m.Frame().XNames, c.Name)] = 1
			r.test(&e, r.white(l), level)
		}
		out.Rows = append(out.Rows, e)
	}
	for i := range r.p {
		l := make([]float64, r.p)
		l[i] = 1
		x := r.white(l)
		row := make([]float64, r.p)
		for j := range row {
			l := make([]float64, r.p)
			l[j] = 1
			row[j] = r.covariance(x, r.white(l))
		}
		out.Vcov = append(out.Vcov, row)
	}
	return out, nil
}

// scoresOf returns the scores of a model whose residuals have a structure or none.
func scoresOf(m *lmm.Model) ([]covstruct.Score, []float64, error) {
	obj := m.Objective()
	o, ok := obj.Criterion.(*covstruct.Objective)
	if !ok {
		s, err := covstruct.Bind(&covstruct.Spec{Kind: "id"}, m.Frame().Table(), m.Frame().Rows, nil)
		if err != nil {
			return nil, nil, err
		}
		if o, err = covstruct.New(s, m.Frame(), m.REML()); err != nil {
			return nil, nil, err
		}
	}
	scores := o.Scores(obj.Point)
	if scores == nil {
		return nil, nil, fmt.Errorf("the criterion of %q cannot be computed at the estimates", m.Formula())
	}
	return scores, o.Root(), nil
}

// clustered adds up the scores of the groups of a cluster.
func clustered(m *lmm.Model, scores []covstruct.Score, column string) ([]covstruct.Score, error) {
	if column != "" {
		d := m.Frame()
		c, err := d.Table().Lookup(column)
		if err != nil {
			return nil, err
		}
		at := map[string]int{}
		var out []covstruct.Score
		for _, s := range scores {
			label := c.Text(d.Rows[s.Rows[0]])
			for _, i := range s.Rows {
				if c.Missing(d.Rows[i]) {
					return nil, fmt.Errorf("the cluster %s is missing in row %d", column, d.Rows[i]+1)
				}
				if other := c.Text(d.Rows[i]); other != label {
					return nil, fmt.Errorf("the clusters of %s split rows that the model takes to be dependent: %s and %s are joined by its terms", column, label, other)
				}
			}
			j, ok := at[label]
			if !ok {
				j = len(out)
				at[label] = j
				out = append(out, covstruct.Score{U: make([]float64, len(s.U)), S: make([]float64, len(s.S))})
			}
			out[j].Rows = append(out[j].Rows, s.Rows...)
			axpy(1, s.U, out[j].U)
			axpy(1, s.S, out[j].S)
		}
		scores = out
	}
	if len(scores) < 2 {
		return nil, fmt.Errorf("a sandwich needs independent clusters, and there is %d: crossed terms join all rows", len(scores))
	}
	return scores, nil
}

// MarshalJSON writes robust, clusters, correction and vcov_robust; what has no value
// is null.
func (r *RobustTable) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Rows       []Estimate         `json:"robust"`
		Correction Correction         `json:"correction"`
		Clusters   int                `json:"clusters"`
		Level      float64            `json:"robust_level"`
		Vcov       [][]jsonnum.Number `json:"vcov_robust"`
	}{r.Rows, r.Correction, r.Clusters, r.Level, jsonnum.Rows(r.Vcov)})
}
