package nearest

import (
	"testing"

	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	names := []string{"Reaction", "Days", "Subject", "age", "Age2"}
	for name, want := range map[string]string{
		"reaction": "Reaction", "Raection": "Reaction", "Reactions": "Reaction", "day": "Days", "Dyas": "Days",
		"subjct": "Subject", "AGE": "age", "weight": "", "": "", "x": "", "ag": "age",
	} {
		if got := Name(name, names); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if Name("a", nil) != "" {
		t.Error("nearest of none")
	}
}

// Edit distance is a metric but for the triangle inequality, which swaps of
// neighbours break; and it never exceeds the longer word.
func TestEditDistance(t *testing.T) {
	word := rapid.StringMatching(`[abé]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := editDistance(a, b)
		if d != editDistance(b, a) || (d == 0) != (a == b) || d > max(len([]rune(a)), len([]rune(b))) {
			t.Fatalf("distance of %q and %q: %d", a, b, d)
		}
	})
	if d := editDistance("abcdef", "badcfe"); d != 3 {
		t.Errorf("three swaps count %d", d)
	}
}
