package covstruct_test

import (
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/table"
)

func TestParse(t *testing.T) {
	for src, want := range map[string]covstruct.Spec{
		"ar1(time | id)":                   {Kind: "ar", Order: 1, Time: "time", Subject: []string{"id"}},
		" cs ( 1|site:id ) ":               {Kind: "cs", Subject: []string{"site", "id"}},
		"exp(`day of year`|id, nugget)":    {Kind: "exp", Time: "day of year", Subject: []string{"id"}, Nugget: true},
		"un(t|g)":                          {Kind: "corr", Time: "t", Subject: []string{"g"}, ByOccasion: true},
		"toep(t|g, 3)":                     {Kind: "toep", Time: "t", Subject: []string{"g"}, Order: 3},
		"id * varident(sex)":               {Kind: "id"},
		"varident(sex)":                    {Kind: "id"},
		"varpower(fitted) * ar(1 | g, 2)":  {Kind: "ar", Order: 2, Subject: []string{"g"}},
		"varexp(`fitted`)*car1(größe | é)": {Kind: "car1", Time: "größe", Subject: []string{"é"}},
	} {
		got, err := covstruct.Parse(src)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		if got.Kind != want.Kind || got.Time != want.Time || strings.Join(got.Subject, ":") != strings.Join(want.Subject, ":") ||
			got.Order != want.Order || got.Nugget != want.Nugget || got.ByOccasion != want.ByOccasion {
			t.Errorf("%s: %+v", src, got)
		}
		if fitted := strings.Contains(src, "(fitted"); got.UsesFitted() != fitted {
			t.Errorf("%s: uses fitted values: %v", src, got.UsesFitted())
		}
	}
}

func TestWhatIsNoStructureIsNamed(t *testing.T) {
	for src, want := range map[string]string{
		"":                      "missing",
		"ar1":                   "missing at the end",
		"ar2(t|g)":              "did you mean ar",
		"AR1(t|g)":              "did you mean ar1",
		"banana(t|g)":           "there is no structure banana",
		"ar(t|g)":               "needs an order",
		"free(x | g)":           "an intercept alone",
		"cs(1|g) + ar1(t|g)":    "after + comes free",
		"free(1|g) * cs(1|g)":   `"+" is expected`,
		"free(1|g) + cs(1|g)":   "stands after free",
		"cs(1)":                 `"|" is expected`,
		"cs(1|g":                "missing at the end",
		"cs(1|g) ar1(t|g)":      `"*" is expected`,
		"cs(1|g)*ar1(t|g)":      "a second correlation",
		"cs(1|g, nugget)":       "no option nugget",
		"ar1(t|g, 2)":           "no option 2",
		"toep(t|g, 0)":          "no option 0",
		"exp(`t|g)":             "back-tick is not closed",
		"varpower()":            "column of varpower is missing",
		"cs(1|g)\xff":           "UTF-8",
		strings.Repeat("(", 99): "missing",
	} {
		_, err := covstruct.Parse(src)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", src, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range structures {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if s, err := covstruct.Parse(src); err == nil && s.Kind == "" {
			t.Errorf("%q: no kind and no error", src)
		}
	})
}

// TestDataThatDoNotFitAStructure says what was seen, where, and what to try.
func TestDataThatDoNotFitAStructure(t *testing.T) {
	tab := func(cols ...*table.Column) *table.Table {
		x, err := table.New(cols...)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	g := table.NewTexts("g", []string{"a", "a", "a", "b", "b", "b", "c", "c"})
	one := table.NewTexts("one", []string{"1", "2", "3", "4", "5", "6", "7", "8"})
	time := table.NewFloats("t", []float64{1, 2, 3, 1, 2, 3, 1, 2})
	twice := table.NewFloats("twice", []float64{1, 2, 2, 1, 2, 3, 1, 2})
	uneven := table.NewFloats("uneven", []float64{1, 2, 3.5, 1, 2, 3.7, 1, 2})
	word := table.NewTexts("word", []string{"x", "y", "z", "x", "y", "z", "x", "y"})
	apart := table.NewFloats("apart", []float64{1, 2, 3, 1, 2, 3, 4, 5})
	zero := table.NewFloats("zero", []float64{0, 1, 2, 3, 4, 5, 6, 7})
	same := table.NewFloats("same", []float64{2, 2, 2, 2, 2, 2, 2, 2})
	all := tab(g, one, time, twice, uneven, word, apart, zero, same)
	rows := []int{0, 1, 2, 3, 4, 5, 6, 7}
	for residual, want := range map[string]string{
		"free(1 | one)":           "each of the 8 levels has one row",
		"ar1(t | nobody)":         "nobody",
		"ar1(t | one)":            "each of the 8 subjects has one row",
		"ar1(twice | g)":          "subject a has two rows at twice = 2, rows 2 and 3",
		"cs(twice | g)":           "two rows",
		"ar1(uneven | g)":         "equal steps",
		"exp(word | g)":           "numbers",
		"un(apart | g)":           "more subjects than occasions",
		"varpower(zero)":          "other than 0",
		"varexp(same)":            "all equal",
		"varpower(word)":          "varident",
		"varident(same)":          "one level",
		"toep(t|g)*varident(one)": "parameters",
	} {
		spec, err := covstruct.Parse(residual)
		if err != nil {
			t.Fatal(err)
		}
		_, err = covstruct.Bind(spec, all, rows, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", residual, err, want)
		}
	}
}
