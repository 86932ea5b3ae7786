package infer

import "encoding/json"

type jsonMixture struct {
	Weights   []number `json:"weights"`
	Simulated bool     `json:"simulated"`
}

type jsonSimulated struct {
	Method string `json:"method"`
	Draws  int    `json:"draws"`
	Failed int    `json:"failed"`
	Seed   uint64 `json:"seed"`
	P      number `json:"p"`
	SE     number `json:"mc_se"`
}

type jsonTest struct {
	Null        string         `json:"null"`
	Alternative string         `json:"alternative"`
	REML        bool           `json:"reml"`
	Refitted    bool           `json:"refitted"`
	Statistic   number         `json:"statistic"`
	DF          int            `json:"df"`
	NaiveP      number         `json:"p_naive"`
	Mixture     *jsonMixture   `json:"mixture"`
	MixtureP    number         `json:"p_mixture"`
	Reason      string         `json:"mixture_reason,omitempty"`
	Simulated   *jsonSimulated `json:"simulated"`
	P           number         `json:"p"`
	Notes       []string       `json:"notes"`
}

// MarshalJSON writes the test; a p value that does not exist is null.
func (t *LRTest) MarshalJSON() ([]byte, error) {
	out := jsonTest{
		Null: t.Null, Alternative: t.Alternative, REML: t.REML, Refitted: t.Refitted, Statistic: number(t.Statistic), DF: t.DF,
		NaiveP: number(t.Naive), MixtureP: number(t.MixtureP), Reason: t.MixtureReason, P: number(t.P), Notes: append([]string{}, t.Notes...),
	}
	if t.MixtureReason == "" {
		out.Mixture = &jsonMixture{Simulated: t.Mixture.Simulated}
		if t.Mixture.Weights != nil {
			out.Mixture.Weights = numbers(t.Mixture.Weights)
		}
	}
	if s := t.Simulated; s != nil {
		out.Simulated = &jsonSimulated{s.Method, s.Draws, s.Failed, s.Seed, number(s.P), number(s.SE)}
	}
	return json.Marshal(out)
}

type jsonCompared struct {
	Formula     string  `json:"formula"`
	NPar        int     `json:"npar"`
	Criterion   number  `json:"criterion"`
	LogLik      number  `json:"logLik"`
	AIC         number  `json:"AIC"`
	AICc        number  `json:"AICc"`
	BIC         number  `json:"BIC"`
	Delta       number  `json:"delta"`
	Weight      number  `json:"weight"`
	Convergence string  `json:"convergence"`
	Place       string  `json:"place"`
	Test        *LRTest `json:"test"`
	Reason      string  `json:"test_reason,omitempty"`
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
		out.Models = append(out.Models, jsonCompared{m.Formula, m.NPar, number(m.Criterion), number(m.LogLik), number(m.AIC), number(m.AICc),
			number(m.BIC), number(m.Delta), number(m.Weight), m.Convergence, m.Place, m.Test, m.Reason})
	}
	return json.Marshal(out)
}
