package lmm

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
)

type jsonModel struct {
	Formula     string             `json:"formula"`
	REML        bool               `json:"reml"`
	Family      string             `json:"family"`
	Link        string             `json:"link"`
	NAGQ        *int               `json:"nAGQ,omitempty"`
	Shape       *jsonnum.Number    `json:"shape,omitempty"`
	Criterion   jsonnum.Number     `json:"criterion"`
	LogLik      jsonnum.Number     `json:"logLik"`
	AIC         jsonnum.Number     `json:"AIC"`
	BIC         jsonnum.Number     `json:"BIC"`
	NPar        int                `json:"npar"`
	NObs        int                `json:"nobs"`
	NGroups     map[string]int     `json:"ngroups"`
	Theta       []jsonnum.Number   `json:"theta"`
	ThetaNames  []string           `json:"theta_names"`
	Sigma       jsonnum.Number     `json:"sigma"`
	Beta        []jsonnum.Number   `json:"beta"`
	BetaNames   []string           `json:"beta_names"`
	BetaSE      []jsonnum.Number   `json:"beta_se"`
	Vcov        [][]jsonnum.Number `json:"vcov"`
	VcovGiven   [][]jsonnum.Number `json:"vcov_rx,omitempty"`
	Aliased     []string           `json:"aliased"`
	VarCorr     []jsonComponent    `json:"varcorr"`
	Ranef       []jsonModes        `json:"ranef"`
	Residual    *jsonResidual      `json:"residual,omitempty"`
	Verdict     certify.Verdict    `json:"verdict"`
	Findings    []finding.Finding  `json:"findings"`
	Evaluations int                `json:"evaluations"`
}

type jsonComponent struct {
	Group string             `json:"group"`
	Terms []string           `json:"terms"`
	SD    []jsonnum.Number   `json:"sd"`
	Var   []jsonnum.Number   `json:"var"`
	Corr  [][]jsonnum.Number `json:"corr"`
	Cov   [][]jsonnum.Number `json:"cov"`
}

type jsonResidual struct {
	Structure  string         `json:"structure"`
	Subjects   int            `json:"subjects"`
	Parameters []jsonEstimate `json:"parameters"`
	Matrix     *jsonMatrix    `json:"matrix,omitempty"`
	Free       []jsonFree     `json:"free,omitempty"`
}

// jsonMatrix is a ResidualMatrix.
type jsonMatrix struct {
	Time      string             `json:"time"`
	Occasions []string           `json:"occasions"`
	SDLeast   []jsonnum.Number   `json:"sd_least"`
	SDMost    []jsonnum.Number   `json:"sd_most"`
	Corr      [][]jsonnum.Number `json:"corr"`
	Subjects  [][]int            `json:"subjects"`
}

type jsonFree struct {
	Group       string         `json:"group"`
	Levels      int            `json:"levels"`
	Variance    jsonnum.Number `json:"variance"`
	Correlation jsonnum.Number `json:"correlation"`
}

type jsonEstimate struct {
	Name  string         `json:"name"`
	Value jsonnum.Number `json:"value"`
	// The limits of the range, null where there is none.
	Lower jsonnum.Number `json:"lower"`
	Upper jsonnum.Number `json:"upper"`
}

type jsonModes struct {
	Group   string               `json:"group"`
	Terms   []string             `json:"terms"`
	Levels  []string             `json:"levels"`
	Modes   [][]jsonnum.Number   `json:"modes"`
	CondVar [][][]jsonnum.Number `json:"condvar"`
}

// MarshalJSON writes the model with the keys of lme4's terms: criterion,
// theta, beta, vcov, varcorr, ranef, and beside them the structure of the residuals
// where there is one, the verdict, the findings
// and the number of evaluations; of a generalised model nAGQ (Nodes), shape and
// vcov_rx (VcovGiven), too. What is not identified is null. Two terms of
// one grouping factor g are the groups "g" and "g.1", as in lme4.
func (m *Model) MarshalJSON() ([]byte, error) {
	theta, names := m.thetas()
	family, link := m.distributionNames()
	out := jsonModel{
		Formula: m.Formula(), REML: m.REML(), Family: family, Link: link,
		Criterion: jsonnum.Number(m.Criterion()), LogLik: jsonnum.Number(m.LogLik()), AIC: jsonnum.Number(m.AIC()), BIC: jsonnum.Number(m.BIC()),
		NPar: m.NPar(), NObs: m.NObs(), NGroups: map[string]int{},
		Theta: jsonnum.List(theta), ThetaNames: names, Sigma: jsonnum.Number(m.Sigma()),
		Beta: []jsonnum.Number{}, BetaNames: append([]string{}, m.design.XNames...), BetaSE: []jsonnum.Number{},
		Vcov: jsonnum.Rows(m.Vcov()), Aliased: append([]string{}, m.design.Aliased...),
		Verdict: m.Verdict(),
		// never null: an empty list of findings is a statement
		Findings:    append([]finding.Finding{}, m.findings...),
		Evaluations: m.log.Evaluations,
	}
	if fam := m.Family(); fam != nil {
		nodes, shape := m.Nodes(), jsonnum.Number(m.Shape())
		out.NAGQ, out.VcovGiven = &nodes, jsonnum.Rows(m.VcovGiven())
		if fam.HasShape() {
			out.Shape = &shape
		}
	}
	for _, c := range m.FixedEffects() {
		if !slices.Contains(m.design.Aliased, c.Name) {
			out.Beta, out.BetaSE = append(out.Beta, jsonnum.Number(c.Estimate)), append(out.BetaSE, jsonnum.Number(c.SE))
		}
	}
	if r := m.Residual(); r != nil {
		out.Residual = &jsonResidual{Structure: r.Structure, Subjects: r.Subjects, Parameters: []jsonEstimate{}}
		for _, p := range r.Params {
			out.Residual.Parameters = append(out.Residual.Parameters, jsonEstimate{p.Name, jsonnum.Number(p.Value), jsonnum.Number(p.Lower), jsonnum.Number(p.Upper)})
		}
		if x := m.ResidualMatrix(); x != nil {
			out.Residual.Matrix = &jsonMatrix{x.Time, x.Occasions, jsonnum.List(x.Least), jsonnum.List(x.Most), jsonnum.Rows(x.Corr), x.Subjects}
		}
		for _, v := range r.Free {
			out.Residual.Free = append(out.Residual.Free, jsonFree{v.Group, v.Levels, jsonnum.Number(v.Variance), jsonnum.Number(v.Correlation)})
		}
	}
	seen := map[string]int{}
	for _, c := range m.VarCorr() {
		out.NGroups[c.Group] = c.Levels
		jc := jsonComponent{Group: c.Group, Terms: c.Names, SD: jsonnum.List(c.SD), Corr: jsonnum.Rows(c.Corr), Cov: jsonnum.Rows(c.Cov)}
		if n := seen[c.Group]; n > 0 {
			jc.Group += "." + strconv.Itoa(n)
		}
		seen[c.Group]++
		for i := range c.SD {
			jc.Var = append(jc.Var, jsonnum.Number(c.Cov[i][i]))
		}
		out.VarCorr = append(out.VarCorr, jc)
	}
	for _, r := range m.RandomEffects() {
		jm := jsonModes{Group: r.Group, Terms: r.Names, Levels: r.Levels, Modes: jsonnum.Rows(r.Mode)}
		for _, cv := range r.CondVar {
			jm.CondVar = append(jm.CondVar, jsonnum.Rows(cv))
		}
		out.Ranef = append(out.Ranef, jm)
	}
	return json.Marshal(out)
}
