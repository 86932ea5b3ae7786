package plots

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/golmm/golmm/lmm"
)

// A fitted model can be drawn.
var _ Source = (*lmm.Model)(nil)

// source is a Source made by hand.
type source []lmm.Modes

func (s source) RandomEffects() []lmm.Modes { return s }

// model is a source that knows its formula and response.
type model struct {
	source
	formula, response string
}

func (m model) Formula() string      { return m.formula }
func (m model) ResponseName() string { return m.response }

// sleepstudy has the modes that lme4 finds; testdata names the versions.
func sleepstudy(t testing.TB) model {
	t.Helper()
	data, err := os.ReadFile("testdata/sleepstudy_modes.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Group         string
		Names, Levels []string
		Modes         [][]float64
		CondVar       [][][]float64
	}
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	return model{
		source:   source{{Group: d.Group, Levels: d.Levels, Names: d.Names, Mode: d.Modes, CondVar: d.CondVar}},
		formula:  "Reaction ~ Days + (Days | Subject)",
		response: "Reaction",
	}
}

// simulated are the modes of a term with n levels and the coefficients named.
func simulated(group string, n int, names ...string) lmm.Modes {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	m := lmm.Modes{Group: group, Names: names}
	for i := range n {
		mode, cond := make([]float64, len(names)), make([][]float64, len(names))
		for j := range names {
			mode[j] = rng.NormFloat64()
			cond[j] = make([]float64, len(names))
			cond[j][j] = 0.1 + 0.1*rng.Float64()
		}
		m.Levels = append(m.Levels, fmt.Sprintf("%s %d", group, i+1))
		m.Mode = append(m.Mode, mode)
		m.CondVar = append(m.CondVar, cond)
	}
	return m
}

// awkward has every name and number that could upset a picture.
func awkward() source {
	m := simulated("g", 8, "(Intercept)", "x")
	m.Levels = []string{
		"a name of a level that has exactly sixty characters in it, ok",
		"学校の名前はとても長いです", "Élève n° 5 à Zürich", `<b>&"x"</b>`, "a\nb\x00c", "x", "", "\xff\xfe",
	}
	m.CondVar[0][0][0] = math.NaN()
	m.CondVar[1][1][1] = math.Inf(1)
	m.CondVar[5] = nil
	m.Mode[2][0] = math.Inf(1)
	m.Mode[3][1] = math.NaN()
	m.Mode[4][1] = -math.MaxFloat64
	return source{m}
}

func svgOf(t testing.TB, f *Figure) string {
	t.Helper()
	b, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
