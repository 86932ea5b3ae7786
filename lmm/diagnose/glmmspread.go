package diagnose

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/golmm/golmm/lmm/family"
)

// scatter is how far responses lie from their fitted means, and how many are 0.
type scatter struct {
	fam       *family.Family
	y, mu, w  []float64 // w may be nil
	shape     float64
	effective float64 // parameters used up, random effects included
}

// pearson is sum w (y - mu)^2 / V(mu), of responses and the means they have.
func (s *scatter) pearson(y []float64) float64 {
	var sum float64
	for i, v := range y {
		d := v - s.mu[i]
		if s.fam.Name() == "binomial" {
			d *= math.Sqrt(s.weight(i)) // variance mu (1 - mu) / w
		}
		sum += d * d / math.Max(s.fam.Variance(s.mu[i], s.shape), 1e-300)
	}
	return sum
}

func (s *scatter) weight(i int) float64 {
	if s.w == nil {
		return 1
	}
	return s.w[i]
}

// known says that the responses can show a dispersion: of single trials the
// variance follows from the mean.
func (s *scatter) known() bool {
	if s.fam.Name() != "binomial" {
		return true
	}
	for i := range s.y {
		if s.weight(i) > 1 {
			return true
		}
	}
	return false
}

// dispersion is Pearson's statistic by n - effective, and the share of draws
// with the means given whose statistic by n is as far from 1 on its side: a p value
// of one side. A small mean makes the chi-square distribution of the statistic useless,
// not that of the draws.
func (s *scatter) dispersion(draws int, seed uint64) (ratio, p float64) {
	n := float64(len(s.y))
	if left := n - s.effective; left <= 0 {
		return math.NaN(), math.NaN()
	}
	ratio = s.pearson(s.y) / (n - s.effective)
	if math.IsNaN(ratio) || math.IsInf(ratio, 0) {
		return math.NaN(), math.NaN()
	}
	above, below := 1, 1
	y := make([]float64, len(s.y))
	for r := range draws {
		s.draw(rand.New(rand.NewPCG(seed, uint64(r))), y)
		drawn := s.pearson(y) / n
		if drawn >= ratio {
			above++
		}
		if drawn <= ratio {
			below++
		}
	}
	return ratio, float64(min(above, below)) / float64(draws+1)
}

func (s *scatter) draw(rng *rand.Rand, y []float64) {
	for i := range y {
		y[i] = s.fam.Simulate(rng, s.mu[i], s.weight(i), s.shape)
	}
}

// zeros compares the number of responses that are 0 with that in draws of the
// model, random effects drawn too: the mean and the central 98 % of the draws, and
// the p value of more zeros.
func zeros(y []float64, draws [][]float64) (found, mean, low, high, p float64) {
	count := func(y []float64) float64 {
		n := 0.0
		for _, v := range y {
			if v == 0 {
				n++
			}
		}
		return n
	}
	found = count(y)
	if len(draws) == 0 {
		return found, math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	counts := make([]float64, len(draws))
	more := 1
	for r, d := range draws {
		counts[r] = count(d)
		mean += counts[r] / float64(len(draws))
		if counts[r] >= found {
			more++
		}
	}
	slices.Sort(counts)
	at := func(q float64) float64 { return counts[int(q*float64(len(counts)-1)+0.5)] }
	return found, mean, at(0.01), at(0.99), float64(more) / float64(len(draws)+1)
}
