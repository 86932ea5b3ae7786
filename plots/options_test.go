package plots

import (
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
)

// Every kind of figure has the title, the width, the theme and the labels that
// it is given, and leaves its caption off where it is told to.
func TestKindsReadOptions(t *testing.T) {
	models := []*lmm.Model{
		fitted(t, "score ~ Machine + (Machine | Worker)", "Machines"),
		fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy"),
		fitted(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2"),
	}
	opt := Options{
		Title: "My title", Width: Millimetres(200), Theme: DarkTheme, NoCaption: true, Seed: 1, Replicates: 20,
		Labels: map[string]string{"(Intercept)": "LABEL", "Days": "LABEL", "Subject": "LABEL", "Worker": "LABEL", "Machine": "LABEL",
			"MachineB": "LABEL", "MachineC": "LABEL", "Reaction": "LABEL", "score": "LABEL"},
	}
	for _, k := range Kinds() {
		f := k.Draw(models[0], opt)
		for _, m := range models[1:] {
			if f.Err() != nil {
				f = k.Draw(m, opt)
			}
		}
		if f.Err() != nil {
			t.Errorf("%s: %v", k.Name, f.Err())
			continue
		}
		svg := svgOf(t, f)
		root := parse(t, svg)
		if got := root.all("title")[0].Text; got != opt.Title || f.Title() != opt.Title {
			t.Errorf("%s: the title is %q", k.Name, got)
		}
		if w, _ := f.Size(); w != opt.Width {
			t.Errorf("%s: the width is %v", k.Name, w)
		}
		if strings.Contains(svg, ` class="f-`) || !strings.Contains(svg, `fill="#16191d"`) {
			t.Errorf("%s: the theme is not dark", k.Name)
		}
		for _, e := range root.all("text") {
			if opt.Labels[e.Text] != "" {
				t.Errorf("%s: %q is not labelled", k.Name, e.Text)
			}
			if strings.Contains(e.Text, "Model:") {
				t.Errorf("%s: the caption is drawn", k.Name)
			}
		}
	}
}

// Units of coefficients and parameters follow from those of the columns.
func TestParameterUnits(t *testing.T) {
	opt := Options{Units: map[string]string{"y": "ms", "x": "day", "t": "m", "sd_z|g": "m"}}
	for name, want := range map[string]string{
		"(Intercept)": "ms", "x": "ms per day", "fB": "ms", "sd_(Intercept)|g": "ms", "sd_x|g": "ms per day", "sigma": "ms",
		"x:fB": "ms per day", "fB:x": "ms per day", "fB:hC": "ms", "x:t": "ms per day per m", "I(x^2)": "", "fB:log(x)": "",
		"cor_x.(Intercept)|g": "", "theta_x|g": "", "sd_z|g": "m",
		"correlation at lag 1": "", "correlation of 8 and 10": "", "range": "", "sd of occasion 10 over 8": "", "power of fitted": "",
	} {
		if got := opt.parameterUnit("y ~ x + f + (x | g)", name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	// Of the logarithm of a response nothing is known.
	if got := opt.parameterUnit("log(y) ~ x + (x | g)", "x"); got != "" {
		t.Errorf("log(y): %q", got)
	}
	// A model and its formula may spell a response in two ways.
	if got := (Options{Units: map[string]string{"y/n": "logit"}}).parameterUnit("y / n ~ x + (1 | g)", "x"); got != "logit" {
		t.Errorf("y / n: %q", got)
	}
	if got := (Options{Units: DataUnits("sleepstudy")}).withUnit("Days"); got != "Days" {
		t.Errorf("days are counted in days: %q", got)
	}
}
