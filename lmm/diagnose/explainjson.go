package diagnose

import (
	"encoding/json"

	"github.com/golmm/golmm/lmm/internal/jsonnum"
)

// MarshalJSON writes the keys messages (id, program, source, text, times,
// said, codes, convergence, place, saw, means, judged, not, do, check),
// together, unknown (text, near), rule, skipped.
func (e *Explanation) MarshalJSON() ([]byte, error) {
	type message struct {
		ID          string   `json:"id"`
		Program     string   `json:"program"`
		Source      string   `json:"source"`
		Text        string   `json:"text"`
		Times       int      `json:"times"`
		Said        []Saying `json:"said"`
		Codes       []string `json:"codes"`
		Convergence string   `json:"convergence"`
		Place       string   `json:"place"`
		Saw         string   `json:"saw"`
		Means       string   `json:"means"`
		Judged      string   `json:"judged,omitempty"`
		Not         string   `json:"not"`
		Do          string   `json:"do"`
		Check       string   `json:"check"`
	}
	messages := []message{}
	for _, a := range e.Answers {
		m := a.Message
		messages = append(messages, message{m.ID, m.Program, m.Source, a.Said[0].Text, a.Times, a.Said,
			append([]string{}, m.Codes...), m.Convergence, m.Place, m.Saw, m.Means, a.Judged, m.Not, m.Do, m.Check})
	}
	return json.Marshal(struct {
		Messages []message `json:"messages"`
		Together []string  `json:"together"`
		Unknown  []Unknown `json:"unknown"`
		Rule     string    `json:"rule"`
		Skipped  int       `json:"skipped"`
	}{messages, append([]string{}, e.Together...), append([]Unknown{}, e.Unknown...), nearRule, e.Skipped})
}

// MarshalJSON writes the keys text, values.
func (s Saying) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Text   string  `json:"text"`
		Values []Value `json:"values"`
	}{s.Text, append([]Value{}, s.Values...)})
}

// MarshalJSON writes the keys name, text, number; null where it is no number.
func (v Value) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name   string         `json:"name"`
		Text   string         `json:"text"`
		Number jsonnum.Number `json:"number"`
	}{v.Name, v.Text, jsonnum.Number(v.Number)})
}

// MarshalJSON writes the keys text, near.
func (u Unknown) MarshalJSON() ([]byte, error) {
	type near struct {
		ID         string         `json:"id"`
		Program    string         `json:"program"`
		Text       string         `json:"text"`
		Similarity jsonnum.Number `json:"similarity"`
	}
	list := []near{}
	for _, n := range u.Near {
		list = append(list, near{n.ID, n.Program, n.Text, jsonnum.Number(n.Similarity)})
	}
	return json.Marshal(struct {
		Text string `json:"text"`
		Near []near `json:"near"`
	}{u.Text, list})
}
