package infer

import (
	"encoding/json"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
)

// PCA are the principal components of the random effects of one grouping
// factor.
type PCA struct {
	Group string
	Names []string // k coefficients
	// SD are the standard deviations along the components, relative to sigma,
	// largest first: 0 for a combination that does not vary.
	SD    []float64
	Share []float64 // of the sum of their squares
	// Loadings holds the components by columns, k x k: the largest weight of
	// each is positive.
	Loadings [][]float64
	Reason   string // why numbers are NaN; "" otherwise
	// Absolute says that there is no sigma: SD is on the scale of the link of a
	// generalised model.
	Absolute bool
}

// RandomPCA returns the singular values and left singular vectors of the
// relative covariance factor of each grouping factor, all its terms side by
// side (Bates, Kliegl, Vasishth and Baayen 2015). They depend on the units of
// the covariates, as the variances do.
func RandomPCA(m *lmm.Model) []PCA {
	d, parts := m.Frame(), partsOf(m)
	var out []PCA
	at := map[string]int{}
	terms := [][]int{}
	for t := range d.Terms {
		g := d.Terms[t].Group
		if _, ok := at[g]; !ok {
			at[g] = len(out)
			out, terms = append(out, PCA{Group: g, Absolute: m.Family() != nil}), append(terms, nil)
		}
		out[at[g]].Names = append(out[at[g]].Names, d.Terms[t].Names...)
		terms[at[g]] = append(terms[at[g]], t)
	}
	obj := m.Objective()
	lambda, scale := userLambda(obj), 1.0
	if m.Residual() != nil { // sigma is not the sd that the criterion profiles
		scale = obj.Coords.YScale * math.Sqrt(obj.Solve(obj.Point).Sigma2) / m.Sigma()
	}
	for i := range out {
		p := &out[i]
		k := len(p.Names)
		whole := mat.NewDense(k, k, nil)
		from := 0
		for _, t := range terms[i] {
			kt := len(d.Terms[t].Names)
			if !identified(parts[t]) {
				p.Reason = "a variance is not identified"
			}
			for r := 0; r < kt; r++ {
				for c := 0; c < kt; c++ {
					whole.Set(from+r, from+c, scale*lambda[t][r*kt+c])
				}
			}
			from += kt
		}
		if math.IsNaN(m.Sigma()) {
			p.Reason = "the residual variance is not identified"
		}
		p.decompose(whole, k)
	}
	return out
}

// identified says that all entries of the covariance matrices of a term are.
func identified(parts []lmm.Component) bool {
	for _, c := range parts {
		for i, v := range c.SD {
			for j, w := range c.SD {
				if math.IsNaN(v) || v > 0 && w > 0 && math.IsNaN(c.Corr[i][j]) {
					return false
				}
			}
		}
	}
	return true
}

func (p *PCA) decompose(whole *mat.Dense, k int) {
	p.SD, p.Share = make([]float64, k), make([]float64, k)
	p.Loadings = make([][]float64, k)
	for r := range p.Loadings {
		p.Loadings[r] = make([]float64, k)
	}
	var svd mat.SVD
	if p.Reason == "" && !svd.Factorize(whole, mat.SVDFull) {
		p.Reason = "the singular values cannot be computed"
	}
	if p.Reason != "" {
		for r := range p.SD {
			p.SD[r], p.Share[r] = math.NaN(), math.NaN()
			for c := range p.SD {
				p.Loadings[r][c] = math.NaN()
			}
		}
		return
	}
	svd.Values(p.SD)
	var u mat.Dense
	svd.UTo(&u)
	var sum float64
	for _, s := range p.SD {
		sum += s * s
	}
	for c, s := range p.SD {
		if sum > 0 {
			p.Share[c] = s * s / sum
		}
		sign, top := 1.0, 0.0
		for r := 0; r < k; r++ {
			if v := u.At(r, c); math.Abs(v) > top+1e-12 {
				top, sign = math.Abs(v), math.Copysign(1, v)
			}
		}
		for r := 0; r < k; r++ {
			p.Loadings[r][c] = sign * u.At(r, c)
		}
	}
}

// MarshalJSON writes the keys group, names, sd, share, loadings; null where a
// variance is not identified.
func (p PCA) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Group    string             `json:"group"`
		Names    []string           `json:"names"`
		SD       []jsonnum.Number   `json:"sd"`
		Share    []jsonnum.Number   `json:"share"`
		Loadings [][]jsonnum.Number `json:"loadings"`
		Reason   string             `json:"reason,omitempty"`
	}{p.Group, p.Names, jsonnum.List(p.SD), jsonnum.List(p.Share), jsonnum.Rows(p.Loadings), p.Reason})
}

// logDetCorrelation is log det of the correlation matrix of some columns.
func logDetCorrelation(cov [][]float64, columns []int) float64 {
	n := len(columns)
	if n == 0 {
		return 0
	}
	r := mat.NewSymDense(n, nil)
	for i, a := range columns {
		for j, b := range columns[:i+1] {
			r.SetSym(i, j, cov[a][b]/math.Sqrt(cov[a][a]*cov[b][b]))
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(r) {
		return math.NaN()
	}
	return chol.LogDet()
}

// PCADocument shows the principal components of each grouping factor.
func PCADocument(groups []PCA) *report.Doc {
	doc := &report.Doc{Label: "Principal components of the random effects"}
	for _, p := range groups {
		tab := report.Table{Title: "Principal components of " + p.Group, How: "sd relative to that of the residuals",
			Columns: []report.Column{{}, figure("sd"), figure("share")}}
		if p.Absolute {
			tab.How = "sd on the scale of the link"
		}
		for _, n := range p.Names {
			tab.Columns = append(tab.Columns, figure(n))
		}
		for c := range p.SD {
			cells := []report.Cell{report.Num(plain(p.SD[c])), report.Num(plain(p.Share[c]))}
			for r := range p.Names {
				cells = append(cells, report.Num(plain(p.Loadings[r][c])))
			}
			tab.Rows = append(tab.Rows, report.Row{Label: report.Words(fmt.Sprintf("component %d", c+1)), Cells: cells})
		}
		if p.Reason != "" {
			tab.Notes = append(tab.Notes, report.Inline{}.Number(report.Missing).Words(" "+p.Reason+"."))
		}
		doc.Add(tab)
	}
	return doc
}
