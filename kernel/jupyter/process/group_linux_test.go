package process

import "testing"

func TestStatGroup(t *testing.T) {
	for stat, want := range map[string]int{
		"40 (sh) S 5 41 41 0 -1":           41,
		"40 (a) R 9 (b c)) S 5 41 41 0 -1": 41,
		"40 (sh) Z 5 41 41 0 -1":           0,
		"40 (sh":                           0,
		"40 (sh) S 1":                      0,
		"40 (sh) S 5 x 41":                 0,
		"":                                 0,
	} {
		if got := statGroup(stat); got != want {
			t.Errorf("%q: %d, want %d", stat, got, want)
		}
	}
}
