package infer

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
)

// ScaledOptions of ScaledResiduals. The zero value, or nil, is the default of
// every field.
type ScaledOptions struct {
	Simulations int // 0 is 250
	Seed        uint64
}

// maxSimulated bounds the numbers that ScaledResiduals holds: 0.8 GB.
const maxSimulated = 100_000_000

// Scaled are the simulated residuals of a fit.
type Scaled struct {
	// Residuals holds, for each row in the model, the share of simulated
	// responses below the response: uniform between 0 and 1 if the model holds.
	// Where some are equal to it, a random share of those counts, too.
	Residuals   []float64      `json:"residuals"`
	Simulations int            `json:"simulations"`
	Seed        uint64         `json:"seed"`
	Uniformity  SimulationTest `json:"uniformity"` // Kolmogorov-Smirnov distance from the uniform
	Dispersion  SimulationTest `json:"dispersion"` // variance around X beta over its mean in simulations
	Outliers    SimulationTest `json:"outliers"`   // rows outside all simulated responses
}

// SimulationTest compares a statistic of the data with that of the simulated
// responses.
type SimulationTest struct {
	Statistic float64
	// P is the share of simulations that are at least as far out, two-sided for
	// the dispersion; it allows for rows of a group being alike.
	P float64
	// PIndependent takes the rows as independent: the asymptotic distribution of
	// the Kolmogorov-Smirnov distance, the binomial distribution of outliers
	// with probability 2 / (Simulations + 1). NaN for the dispersion.
	PIndependent float64
}

// ScaledResiduals simulates responses from the fitted model, random effects
// included, and ranks each response among its simulations (Dunn and Smyth 1996;
// Hartig 2022, DHARMa). The estimates count as known, so that the tests are
// conservative. Errors: a fit that has not converged or has no finite maximum,
// more than 1e8 simulated numbers.
func ScaledResiduals(m *lmm.Model, opt *ScaledOptions) (*Scaled, error) {
	var o ScaledOptions
	if opt != nil {
		o = *opt
	}
	if o.Simulations == 0 {
		o.Simulations = 250
	}
	switch n := m.NObs(); {
	case o.Simulations < 20:
		return nil, fmt.Errorf("scaled residuals need 20 simulations or more, %d are asked for", o.Simulations)
	case o.Simulations > maxSimulated/n:
		return nil, fmt.Errorf("%d simulations of %d rows are more than can be held: take %d or fewer", o.Simulations, n, maxSimulated/n)
	}
	if reason := settled(m); reason != "" {
		return nil, fmt.Errorf("the residuals cannot be simulated: %s", reason)
	}
	if m.Verdict().Place == certify.NotIdentifiable && math.IsNaN(m.Sigma()) {
		return nil, fmt.Errorf("the residuals cannot be simulated: the residual variance is not identified")
	}
	sims := m.Simulate(o.Simulations, o.Seed)
	pred, err := m.Predict(nil, &lmm.PredictOptions{Population: true, MeanOnly: true})
	if err != nil {
		return nil, err
	}
	out := &Scaled{Simulations: o.Simulations, Seed: o.Seed}
	// Row 0 of all is the response, row r simulation r-1.
	all := append([][]float64{m.Frame().Y}, sims...)
	rank := ranks(all, rand.New(rand.NewPCG(o.Seed, uint64(o.Simulations))))
	out.Residuals = rank[0]
	distance, outside, spread := make([]float64, len(all)), make([]float64, len(all)), make([]float64, len(all))
	for r, x := range all {
		distance[r] = uniformDistance(rank[r])
		spread[r] = variance(x, pred.Mean)
		for _, u := range rank[r] {
			if u == 0 || u == 1 {
				outside[r]++
			}
		}
	}
	n := float64(m.NObs())
	out.Uniformity = SimulationTest{distance[0], upper(distance), kolmogorov(math.Sqrt(n) * distance[0])}
	var mean float64
	for _, v := range spread[1:] {
		mean += v / float64(o.Simulations)
	}
	out.Dispersion = SimulationTest{spread[0] / mean, min(1, 2*min(upper(spread), lower(spread))), math.NaN()}
	out.Outliers = SimulationTest{outside[0], upper(outside), binomialTwoSided(int(outside[0]), m.NObs(), 2/float64(o.Simulations+1))}
	return out, nil
}

// ranks returns for each of the sets the share of the other sets below it, row
// by row; ties are split at random.
func ranks(sets [][]float64, rng *rand.Rand) [][]float64 {
	n, others := len(sets[0]), float64(len(sets)-1)
	out := make([][]float64, len(sets))
	for r := range out {
		out[r] = make([]float64, n)
	}
	order := make([]int, len(sets))
	for i := 0; i < n; i++ {
		for r := range order {
			order[r] = r
		}
		slices.SortFunc(order, func(a, b int) int {
			switch x, y := sets[a][i], sets[b][i]; {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return a - b
		})
		for from := 0; from < len(order); {
			to := from + 1
			for to < len(order) && sets[order[to]][i] == sets[order[from]][i] {
				to++
			}
			for _, r := range order[from:to] {
				below := float64(from)
				if to-from > 1 {
					below += rng.Float64() * float64(to-from-1)
				}
				out[r][i] = below / others
			}
			from = to
		}
	}
	return out
}

// uniformDistance is the Kolmogorov-Smirnov distance of u from the uniform
// distribution.
func uniformDistance(u []float64) float64 {
	s := slices.Clone(u)
	slices.Sort(s)
	n := float64(len(s))
	var d float64
	for i, v := range s {
		d = max(d, v-float64(i)/n, float64(i+1)/n-v)
	}
	return d
}

// kolmogorov is the asymptotic probability of a larger root n times the
// distance.
func kolmogorov(x float64) float64 {
	if x < 0.2 {
		return 1
	}
	var s float64
	sign := 1.0
	for k := 1.0; k < 100; k++ {
		t := math.Exp(-2 * k * k * x * x)
		s += sign * t
		sign = -sign
		if t < 1e-17 {
			break
		}
	}
	return math.Min(1, 2*s)
}

// variance is that of x - mean, with n - 1.
func variance(x, mean []float64) float64 {
	var m, s float64
	for i, v := range x {
		m += (v - mean[i]) / float64(len(x))
	}
	for i, v := range x {
		s += (v - mean[i] - m) * (v - mean[i] - m)
	}
	return s / float64(len(x)-1)
}

// upper is the share of values from the second on that are at least the first.
func upper(x []float64) float64 {
	n := 0
	for _, v := range x[1:] {
		if v >= x[0] {
			n++
		}
	}
	return float64(n) / float64(len(x)-1)
}

func lower(x []float64) float64 {
	n := 0
	for _, v := range x[1:] {
		if v <= x[0] {
			n++
		}
	}
	return float64(n) / float64(len(x)-1)
}

// binomialTwoSided is the probability of the counts of n that are not more
// probable than k.
func binomialTwoSided(k, n int, p float64) float64 {
	logP := func(i int) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(i + 1))
		c, _ := math.Lgamma(float64(n - i + 1))
		return a - b - c + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p)
	}
	at := logP(k)
	var s float64
	for i := 0; i <= n; i++ {
		if l := logP(i); l <= at+1e-7 {
			s += math.Exp(l)
		}
	}
	return math.Min(1, s)
}

// Document shows the three tests.
func (s *Scaled) Document() *report.Doc {
	tab := report.Table{Title: "Simulated residuals",
		How:     fmt.Sprintf("%d simulations, seed %d", s.Simulations, s.Seed),
		Columns: []report.Column{{}, figure("Statistic"), figure("p"), figure("p, rows independent")},
		Notes: []report.Inline{
			report.Words("p compares with the simulations, in which rows of a group are alike. The estimates are taken as known."),
			report.Inline{}.Number(report.Missing).Words(" dispersion: its distribution is known from simulation only.")},
	}
	for _, r := range []struct {
		name string
		t    SimulationTest
	}{{"uniformity, distance", s.Uniformity}, {"dispersion, ratio", s.Dispersion}, {"outliers, rows", s.Outliers}} {
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(r.name), Cells: []report.Cell{
			report.Num(plain(r.t.Statistic)), report.Num(report.PValue(r.t.P)), report.Num(report.PValue(r.t.PIndependent))}})
	}
	doc := &report.Doc{Label: tab.Title}
	return doc.Add(tab)
}

// MarshalJSON writes statistic, p, p_independent.
func (t SimulationTest) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Statistic    jsonnum.Number `json:"statistic"`
		P            jsonnum.Number `json:"p"`
		PIndependent jsonnum.Number `json:"p_independent"`
	}{jsonnum.Number(t.Statistic), jsonnum.Number(t.P), jsonnum.Number(t.PIndependent)})
}
