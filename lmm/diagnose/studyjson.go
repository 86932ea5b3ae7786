package diagnose

import (
	"encoding/json"
	"math"

	"github.com/golmm/golmm/lmm/internal/jsonnum"
)

// saved is a number that JSON writes as null where it is NaN, and reads back to
// the bit.
type saved float64

func (x saved) MarshalJSON() ([]byte, error) { return jsonnum.Number(x).MarshalJSON() }

func (x *saved) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*x = saved(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(x))
}

func toSaved(x []float64) []saved {
	out := make([]saved, len(x))
	for i, v := range x {
		out[i] = saved(v)
	}
	return out
}

func fromSaved(x []saved) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

type jsonStudy struct {
	Truth      Truth             `json:"truth"`
	Seed       uint64            `json:"seed"`
	Level      float64           `json:"level"`
	Rows       int               `json:"rows"`
	Replicates int               `json:"replicates"`
	Names      []string          `json:"names"`
	CodeNames  map[string]string `json:"code_names"`
	Models     []jsonStudyCount  `json:"models"`
}

type jsonStudyCount struct {
	Model    StudyModel     `json:"model"`
	Sentence string         `json:"sentence"`
	Verdicts []StudyRate    `json:"verdicts"`
	Codes    []StudyRate    `json:"codes"`
	Effects  []StudyEffect  `json:"effects"`
	Names    []string       `json:"names"`
	Outcomes []StudyOutcome `json:"outcomes"`
	Of       []int          `json:"of"`
	Estimate []saved        `json:"estimate"`
	SE       []saved        `json:"se"`
}

// MarshalJSON writes the keys truth, seed, level, rows, replicates, names,
// code_names, models, and in each model beside the rates all that Study needs to go on.
func (r *StudyResult) MarshalJSON() ([]byte, error) {
	out := jsonStudy{r.Truth, r.Seed, r.Level, r.Rows, r.Replicates, append([]string{}, r.Names...), r.CodeNames, []jsonStudyCount{}}
	for i := range r.Models {
		c := &r.Models[i]
		out.Models = append(out.Models, jsonStudyCount{c.Model, r.Sentence(i), c.Verdicts(r.Level), append([]StudyRate{}, c.Codes(r.Level)...), r.EffectsOf(i),
			append([]string{}, c.Effects...), append([]StudyOutcome{}, c.Outcomes...), append([]int{}, c.Of...), toSaved(c.Estimate), toSaved(c.SE)})
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads a result that was saved, to the bit.
func (r *StudyResult) UnmarshalJSON(b []byte) error {
	var in struct {
		jsonStudy
		Models []struct {
			jsonStudyCount
			Verdicts, Codes, Effects json.RawMessage // computed, not read
		} `json:"models"`
	}
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	*r = StudyResult{Truth: in.Truth, Seed: in.Seed, Level: in.Level, Rows: in.Rows, Replicates: in.Replicates, Names: in.Names, CodeNames: in.CodeNames}
	for i := range in.Models {
		m := &in.Models[i]
		r.Models = append(r.Models, StudyCount{Model: m.Model, Outcomes: m.Outcomes, Of: m.Of, Effects: m.Names, Estimate: fromSaved(m.Estimate), SE: fromSaved(m.SE)})
	}
	return nil
}

// MarshalJSON writes the keys what, count, of, rate, low, high, first.
func (r StudyRate) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		What  string         `json:"what"`
		Count int            `json:"count"`
		Of    int            `json:"of"`
		Rate  jsonnum.Number `json:"rate"`
		Low   jsonnum.Number `json:"low"`
		High  jsonnum.Number `json:"high"`
		First []int          `json:"first"`
	}{r.What, r.Count, r.Of, jsonnum.Number(r.Rate), jsonnum.Number(r.Low), jsonnum.Number(r.High), append([]int{}, r.First...)})
}

// MarshalJSON writes the keys name, truth, mean, mean_se, sd, se, coverage,
// flagged.
func (e StudyEffect) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name     string         `json:"name"`
		Truth    jsonnum.Number `json:"truth"`
		Mean     jsonnum.Number `json:"mean"`
		MeanSE   jsonnum.Number `json:"mean_se"`
		SD       jsonnum.Number `json:"sd"`
		SE       jsonnum.Number `json:"se"`
		Coverage StudyRate      `json:"coverage"`
		Flagged  StudyRate      `json:"flagged"`
	}{e.Name, jsonnum.Number(e.Truth), jsonnum.Number(e.Mean), jsonnum.Number(e.MeanSE), jsonnum.Number(e.SD), jsonnum.Number(e.SE), e.Coverage, e.Flagged})
}
