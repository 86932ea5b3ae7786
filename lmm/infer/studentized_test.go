package infer

import (
	"math"
	"testing"
)

// Two means: the studentized range is the root of 2 times a t value.
func TestStudentizedRangeOfTwoIsT(t *testing.T) {
	for _, df := range []float64{1, 1.5, 2, 3.7, 10, 42, 300, 1e5, math.Inf(1)} {
		for _, x := range []float64{0.01, 0.5, 1, 2, 5, 9} {
			got, want := studentizedTail(math.Sqrt2*x, 2, df), tailT(x, df)
			if !(math.Abs(got-want) <= 1e-7*want) && !(math.Abs(got-want) <= 1e-13) {
				t.Errorf("df %g, t %g: %.12g, want %.12g", df, x, got, want)
			}
		}
	}
}

// Upper 5 % and 1 % points as printed by Harter (1960) and in Pearson and
// Hartley's Biometrika Tables, to half a unit of the last digit.
func TestStudentizedRangeAgainstTables(t *testing.T) {
	for _, c := range []struct {
		k        int
		df, q, p float64
	}{
		{3, 10, 3.877, 0.05}, {4, 20, 3.958, 0.05}, {10, 5, 6.995, 0.05}, {3, math.Inf(1), 3.314, 0.05},
		{5, 60, 3.977, 0.05}, {20, 120, 5.126, 0.05}, {3, 2, 8.331, 0.05}, {3, 10, 5.270, 0.01}, {5, 20, 5.293, 0.01},
	} {
		lo, hi := studentizedTail(c.q+0.0006, c.k, c.df), studentizedTail(c.q-0.0006, c.k, c.df)
		if !(lo <= c.p && c.p <= hi) {
			t.Errorf("q(%d, %g) = %g: tail between %.6f and %.6f, want %g", c.k, c.df, c.q, lo, hi, c.p)
		}
	}
}

// Values by Simpson's rule with 600,000 points. R's ptukey has 1.2096e-5 for the
// second, 18 % off.
func TestStudentizedRangeInTheTail(t *testing.T) {
	for _, c := range []struct {
		q    float64
		k    int
		df   float64
		want float64
	}{
		{12, 4, 8, 0.0001318356534927407}, {30, 3, 5, 1.0244917914892686e-05}, {1, 10, 2.2, 0.9943984722757739}, {2, 3, 1.5, 0.5083917164064206},
	} {
		if got := studentizedTail(c.q, c.k, c.df); !(math.Abs(got-c.want) <= 1e-9*c.want) {
			t.Errorf("q %g, %d means, %g df: %.14g, want %.14g", c.q, c.k, c.df, got, c.want)
		}
	}
}

// Three normal values: the density of the range is known, and so is its mean,
// 3 / sqrt(pi). The mean is the integral of the tail.
func TestRangeOfThree(t *testing.T) {
	mean := integrate(func(w float64) float64 { return rangeTail(w, 3) }, 0, 12, 24)
	if want := 3 / math.Sqrt(math.Pi); math.Abs(mean-want) > 1e-10 {
		t.Errorf("mean of the range of three is %.12f, want %.12f", mean, want)
	}
}

func TestTailsAndQuantiles(t *testing.T) {
	for _, df := range []float64{0.7, 1, 2, 5, 30, 1e3, 1e8, math.Inf(1)} {
		for _, alpha := range []float64{1e-6, 0.01, 0.05, 0.5, 0.9, 0.99} {
			q := quantileT(alpha, df)
			tol := 1e-7
			if df > 1e7 && !math.IsInf(df, 1) {
				tol = 1e-5 // the incomplete beta function, and the normal quantile in its place
			}
			if got := tailT(q, df); !(math.Abs(got-alpha) <= tol*alpha) {
				t.Errorf("df %g: the tail of the quantile of %g is %.12g", df, alpha, got)
			}
		}
		// F with one numerator df is t squared.
		for _, x := range []float64{0.1, 1, 4, 20} {
			if got, want := tailF(x*x, 1, df), tailT(x, df); !(math.Abs(got-want) <= 1e-10*want) {
				t.Errorf("df %g: F tail %g, t tail %g", df, got, want)
			}
		}
	}
	// Cauchy: 2 atan(1/t) / pi.
	if got, want := tailT(3, 1), 2*math.Atan(1.0/3)/math.Pi; math.Abs(got-want) > 1e-14 {
		t.Errorf("Cauchy tail %.16f, want %.16f", got, want)
	}
}

func BenchmarkStudentizedTail(b *testing.B) {
	for b.Loop() {
		studentizedTail(3.5, 5, 17.3)
	}
}
