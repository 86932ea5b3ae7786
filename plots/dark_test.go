package plots

import "testing"

// The pictures in dark are those that were looked at.
func TestDarkGolden(t *testing.T) {
	dark := Options{Theme: DarkTheme, Units: DataUnits("sleepstudy")}
	m := fitted(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	goldenSVG(t, Caterpillar(m, dark), "caterpillar-dark")
	goldenSVG(t, Trellis(m, dark), "trellis-dark")
	goldenSVG(t, Shrinkage(m, dark), "shrinkage-dark")
}

// The benchmark has the time: 3 ms.
func TestCaterpillarIsSmall(t *testing.T) {
	if n := len(svgOf(t, Caterpillar(sleepstudy(t)))); n > 60_000 {
		t.Errorf("%d bytes", n)
	}
}
