package plots

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestSpaghettiGolden(t *testing.T) {
	goldenSVG(t, Spaghetti(fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy"), "Days"), "spaghetti")
}

// The population line of a straight model is the line of its fixed effects.
func TestMeansOverPopulation(t *testing.T) {
	m := fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	pop, err := m.Predict(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	days := m.Frame().Table().Column("Days").Floats()
	x, y := meansOver(days, pop.Mean)
	b := m.FixedEffects()
	if len(x) != 10 {
		t.Fatalf("%d days", len(x))
	}
	for i := range x {
		// Modes sum to 0 in balanced data with an intercept and a slope, so the
		// mean of the fits is the population's, up to rounding.
		if want := b[0].Estimate + b[1].Estimate*x[i]; math.Abs(y[i]-want) > 1e-8 {
			t.Errorf("day %v: %v, want %v", x[i], y[i], want)
		}
	}
}

func TestSpaghettiRefuses(t *testing.T) {
	m := fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	var de *DataError
	if err := Spaghetti(m, "Subject").Err(); !errors.As(err, &de) {
		t.Errorf("a factor: %v", err)
	}
	if err := Spaghetti(m, "Day").Err(); err == nil || !strings.Contains(err.Error(), "Day") {
		t.Errorf("an unknown column: %v", err)
	}
	var oe *OptionError
	if err := Spaghetti(m, "Days", Options{Group: "Who"}).Err(); !errors.As(err, &oe) {
		t.Errorf("an unknown group: %v", err)
	}
}
