// Package finding holds what a result wants said: observations that do not
// prevent an analysis but should reach the person who reads it.
//
// A finding is data. It is computed where the evidence is, carried on the
// result, and rendered elsewhere.
package finding

import (
	"encoding/json"
	"fmt"
	"math"
)

// Severity says how much a finding matters for the use of the numbers.
type Severity int

const (
	// Note: worth knowing, nothing has to change.
	Note Severity = iota
	// Caution: some of the numbers need another reading or another method.
	Caution
	// Serious: the numbers concerned should not be used as they stand.
	Serious
)

func (s Severity) String() string {
	switch s {
	case Note:
		return "note"
	case Caution:
		return "caution"
	case Serious:
		return "serious"
	}
	return fmt.Sprintf("Severity(%d)", int(s))
}

// MarshalText writes the severity by its name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Evidence is one number behind a finding and the limit it was held against.
type Evidence struct {
	Check string // what was computed, in words
	Found float64
	Limit float64 // the threshold; 0 where there is none
}

// MarshalJSON writes a number that is not finite as null.
func (e Evidence) MarshalJSON() ([]byte, error) {
	finite := func(x float64) *float64 {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil
		}
		return &x
	}
	return json.Marshal(struct {
		Check string   `json:"check"`
		Found *float64 `json:"found"`
		Limit *float64 `json:"limit"`
	}{e.Check, finite(e.Found), finite(e.Limit)})
}

// Finding is one observation about a model, its data or its fit.
type Finding struct {
	Code     string     `json:"code"` // B1, D1 ...
	Name     string     `json:"name"` // ZERO_VAR, RANK_X ...
	Severity Severity   `json:"severity"`
	Params   []string   `json:"params,omitempty"` // by their names in the formula
	Evidence []Evidence `json:"evidence,omitempty"`
	Meaning  string     `json:"meaning"`            // one plain sentence
	Remedies []string   `json:"remedies,omitempty"` // what to try, a sentence each
}
