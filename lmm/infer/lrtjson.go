package infer

import (
	"encoding/json"

	"github.com/golmm/golmm/lmm/internal/jsonnum"
)

type jsonMixture struct {
	Weights   []jsonnum.Number `json:"weights"`
	Simulated bool             `json:"simulated"`
}

type jsonSimulated struct {
	Method string         `json:"method"`
	Draws  int            `json:"draws"`
	Failed int            `json:"failed"`
	Seed   uint64         `json:"seed"`
	P      jsonnum.Number `json:"p"`
	SE     jsonnum.Number `json:"mc_se"`
}

type jsonTest struct {
	Null        string         `json:"null"`
	Alternative string         `json:"alternative"`
	REML        bool           `json:"reml"`
	Refitted    bool           `json:"refitted"`
	Statistic   jsonnum.Number `json:"statistic"`
	DF          int            `json:"df"`
	NaiveP      jsonnum.Number `json:"p_naive"`
	Mixture     *jsonMixture   `json:"mixture"`
	MixtureP    jsonnum.Number `json:"p_mixture"`
	Reason      string         `json:"mixture_reason,omitempty"`
	Simulated   *jsonSimulated `json:"simulated"`
	P           jsonnum.Number `json:"p"`
	Notes       []string       `json:"notes"`
}

// MarshalJSON writes the test; a p value that does not exist is null.
func (t *LRTest) MarshalJSON() ([]byte, error) {
	out := jsonTest{
		Null: t.Null, Alternative: t.Alternative, REML: t.REML, Refitted: t.Refitted, Statistic: jsonnum.Number(t.Statistic), DF: t.DF,
		NaiveP: jsonnum.Number(t.Naive), MixtureP: jsonnum.Number(t.MixtureP), Reason: t.MixtureReason, P: jsonnum.Number(t.P), Notes: append([]string{}, t.Notes...),
	}
	if t.MixtureReason == "" {
		out.Mixture = &jsonMixture{Simulated: t.Mixture.Simulated}
		if t.Mixture.Weights != nil {
			out.Mixture.Weights = jsonnum.List(t.Mixture.Weights)
		}
	}
	if s := t.Simulated; s != nil {
		out.Simulated = &jsonSimulated{s.Method, s.Draws, s.Failed, s.Seed, jsonnum.Number(s.P), jsonnum.Number(s.SE)}
	}
	return json.Marshal(out)
}

type jsonCompared struct {
	Formula     string         `json:"formula"`
	NPar        int            `json:"npar"`
	Criterion   jsonnum.Number `json:"criterion"`
	LogLik      jsonnum.Number `json:"logLik"`
	AIC         jsonnum.Number `json:"AIC"`
	AICc        jsonnum.Number `json:"AICc"`
	BIC         jsonnum.Number `json:"BIC"`
	Delta       jsonnum.Number `json:"delta"`
	Weight      jsonnum.Number `json:"weight"`
	Convergence string         `json:"convergence"`
	Place       string         `json:"place"`
	Test        *LRTest        `json:"test"`
	Reason      string         `json:"test_reason,omitempty"`
}

// MarshalJSON writes the table, its models by increasing number of parameters.
func (c *Comparison) MarshalJSON() ([]byte, error) {
	out := struct {
		REML     bool           `json:"reml"`
		Refitted bool           `json:"refitted"`
		NObs     int            `json:"nobs"`
		Models   []jsonCompared `json:"models"`
		Notes    []string       `json:"notes"`
	}{REML: c.REML, Refitted: c.Refitted, NObs: c.NObs, Notes: append([]string{}, c.Notes...)}
	for _, m := range c.Models {
		out.Models = append(out.Models, jsonCompared{m.Formula, m.NPar, jsonnum.Number(m.Criterion), jsonnum.Number(m.LogLik), jsonnum.Number(m.AIC), jsonnum.Number(m.AICc),
			jsonnum.Number(m.BIC), jsonnum.Number(m.Delta), jsonnum.Number(m.Weight), m.Convergence, m.Place, m.Test, m.Reason})
	}
	return json.Marshal(out)
}
