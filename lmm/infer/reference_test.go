package infer_test

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/internal/reference"
)

var references = sync.OnceValues(func() (map[string]json.RawMessage, error) {
	f, err := os.Open("testdata/inference.json.gz")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	return all, json.NewDecoder(z).Decode(&all)
})

// known are values of R for one model.
type known struct {
	Formula, Data, Large string
	REML                 *bool
}

// from decodes the values of R named id and fits their model.
func from(t testing.TB, id string, values any) *lmm.Model {
	t.Helper()
	var k known
	decode(t, id, &k)
	if values != nil {
		decode(t, id, values)
	}
	var opt lmm.Options
	opt.ML = k.REML != nil && !*k.REML
	if k.Data == "sleepstudy_wo" {
		opt.Weights = "w"
	}
	if k.Formula == "" {
		k.Formula = k.Large
	}
	return fit(t, k.Formula, k.Data, &opt)
}

func decode(t testing.TB, id string, to any) {
	t.Helper()
	all, err := references()
	if err != nil {
		t.Fatal(err)
	}
	if all[id] == nil {
		t.Fatalf("no values %s", id)
	}
	if err := json.Unmarshal(all[id], to); err != nil {
		t.Fatalf("%s: %v", id, err)
	}
}

// ids are the names of values with a prefix.
func ids(t testing.TB, prefix string) []string {
	t.Helper()
	all, err := references()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for id := range all {
		if strings.HasPrefix(id, prefix) {
			out = append(out, id)
		}
	}
	if len(out) == 0 {
		t.Fatalf("no values %s", prefix)
	}
	return out
}

func fit(t testing.TB, formula, data string, opt *lmm.Options) *lmm.Model {
	t.Helper()
	tab, err := reference.Table(data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit(formula, tab, opt)
	if err != nil {
		t.Fatalf("%s: %v", formula, err)
	}
	return m
}

// matches compares within a relative tolerance, of at least 1e-300.
func matches(t *testing.T, name string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol*(math.Abs(want)+1e-300)) {
		t.Errorf("%s is %.10g, want %.10g (relative difference %.2g)", name, got, want, math.Abs(got-want)/math.Abs(want))
	}
}

// decodeSome decodes one key of the values of R named id.
func decodeSome(t testing.TB, id, key string, to any) {
	t.Helper()
	var all map[string]json.RawMessage
	decode(t, id, &all)
	b, err := json.Marshal(map[string]json.RawMessage{key: all[key]})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, to); err != nil {
		t.Fatalf("%s, %s: %v", id, key, err)
	}
}
