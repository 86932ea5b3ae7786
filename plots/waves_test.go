package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/table"
)

// panelData has 4 levels and 3 waves: a is complete, b leaves after wave 1, c
// has a gap at wave 2, d has an empty response at wave 3.
func panelData(t *testing.T) *table.Table {
	t.Helper()
	nan := math.NaN()
	tab, err := table.New(
		table.NewTexts("g", []string{"a", "a", "a", "b", "c", "c", "d", "d", "d"}).AsFactor(),
		table.NewFloats("wave", []float64{1, 2, 3, 1, 1, 3, 1, 2, 3}),
		table.NewFloats("y", []float64{1, 2, 3, 10, 4, 6, 7, 8, nan}),
	)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func TestDropoutCounts(t *testing.T) {
	tab := panelData(t)
	w, err := newWaves(tab, "g", "wave")
	if err != nil {
		t.Fatal(err)
	}
	d := w.dropout(tab.Column("y"))
	if !slices.Equal(d.observed, []float64{100, 50, 50}) || !slices.Equal(d.staying, []float64{100, 75, 50}) {
		t.Errorf("observed %v, staying %v", d.observed, d.staying)
	}
	if d.gaps != 1 || d.stay != 2 || len(d.patterns) != 3 {
		t.Errorf("%d gaps, %d stay, %d patterns", d.gaps, d.stay, len(d.patterns))
	}
	want := [][]float64{{2.5, 2, 4.5}, {7, 8, math.NaN()}, {10, math.NaN(), math.NaN()}}
	for i, p := range d.patterns {
		for k, v := range p.mean {
			if !same(v, want[i][k], 1e-12) {
				t.Errorf("last wave %s: means %v, want %v", p.name, p.mean, want[i])
			}
		}
	}
}

func TestMissingnessShares(t *testing.T) {
	tab := panelData(t)
	w, err := newWaves(tab, "g", "wave")
	if err != nil {
		t.Fatal(err)
	}
	labels, shares, err := w.missing(tab, []string{"y"})
	if err != nil || !slices.Equal(labels, []string{"(no row)", "y"}) {
		t.Fatal(labels, err)
	}
	if !slices.Equal(shares[0], []float64{0, 50, 25}) || !slices.Equal(shares[1], []float64{0, 50, 50}) {
		t.Errorf("%v", shares)
	}
}

// Waves come in the order of numbers or of levels, groups may be interactions.
func TestWaves(t *testing.T) {
	text := table.NewTexts("w", []string{"late", "early", "late"})
	late, err := text.WithLevels([]string{"early", "late"})
	if err != nil {
		t.Fatal(err)
	}
	tab, err := table.New(late, table.NewInts("n", []int64{10, 9, 100}),
		table.NewTexts("a", []string{"x", "x", "y"}).AsFactor(), table.NewTexts("b", []string{"1", "1", "1"}).AsFactor())
	if err != nil {
		t.Fatal(err)
	}
	w, err := newWaves(tab, "b:a", "w")
	if err != nil || !slices.Equal(w.labels, []string{"early", "late"}) || !slices.Equal(w.levels, []string{"1:x", "1:y"}) {
		t.Errorf("%v, %v", w, err)
	}
	if w, err := newWaves(tab, "a", "n"); err != nil || !slices.Equal(w.labels, []string{"9", "10", "100"}) || !slices.Equal(w.at, []float64{9, 10, 100}) {
		t.Errorf("%v, %v", w, err)
	}
}

func TestWavesRefuse(t *testing.T) {
	many := make([]float64, 100)
	g := make([]string, 100)
	for i := range many {
		many[i], g[i] = float64(i), "a"
	}
	tab, err := table.New(table.NewFloats("time", many), table.NewTexts("g", g).AsFactor(), table.NewFloats("y", many))
	if err != nil {
		t.Fatal(err)
	}
	var de *DataError
	var uc *table.UnknownColumn
	for name, f := range map[string]*Figure{"times": Dropout(tab, "g", "time", "y"), "missing": Missingness(tab, "g", "time", nil), "text": Dropout(panelData(t), "g", "wave", "g")} {
		if !errors.As(f.Err(), &de) {
			t.Errorf("%s: %v", name, f.Err())
		}
	}
	for name, f := range map[string]*Figure{"group": Dropout(tab, "h", "time", "y"), "wave": Missingness(tab, "g", "w", nil), "column": Missingness(panelData(t), "g", "wave", []string{"z"})} {
		if !errors.As(f.Err(), &uc) {
			t.Errorf("%s: %v", name, f.Err())
		}
	}
}

func TestWavesGolden(t *testing.T) {
	tab, err := datasets.Load("cbpp")
	if err != nil {
		t.Fatal(err)
	}
	goldenSVG(t, Dropout(tab, "herd", "period", "incidence", Options{Units: DataUnits("cbpp")}), "dropout")
	goldenSVG(t, Missingness(panelData(t), "g", "wave", nil), "missingness")
}

// Many times of dropout are one line.
func TestDropoutManyPatterns(t *testing.T) {
	var g []string
	var w, y []float64
	for j := range 10 {
		for i := range j + 1 {
			g, w, y = append(g, fmt.Sprint(j)), append(w, float64(i)), append(y, float64(j))
		}
	}
	tab, err := table.New(table.NewTexts("g", g).AsFactor(), table.NewFloats("w", w), table.NewFloats("y", y))
	if err != nil {
		t.Fatal(err)
	}
	ws, err := newWaves(tab, "g", "w")
	if err != nil {
		t.Fatal(err)
	}
	d := ws.dropout(tab.Column("y"))
	if len(d.patterns) != 2 || d.patterns[0].levels != 1 || d.patterns[1].levels != 9 || d.patterns[1].name != "before 9" {
		t.Errorf("%+v", d.patterns)
	}
}
