package criterion_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/suffstat"
)

// At lme4's theta the criterion, the fixed effects and the modes are lme4's.
func TestBlockedAtReferenceFits(t *testing.T) {
	fits, err := reference.Fits()
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range fits {
		if ref.Family != "gaussian" || len(ref.NGroups) < 2 {
			continue
		}
		t.Run(ref.ID, func(t *testing.T) {
			tab, err := reference.Table(ref.Data)
			if err != nil {
				t.Fatal(err)
			}
			f, err := formula.Parse(ref.Formula)
			if err != nil {
				t.Fatal(err)
			}
			d, err := design.Build(f, tab, &design.Options{Weights: ref.Weights, Offset: ref.Offset, Contrasts: ref.Contrasts})
			if err != nil {
				t.Fatal(err)
			}
			s, err := suffstat.NewBlocked(d)
			if err != nil {
				t.Fatal(err)
			}
			c := criterion.NewBlocked(s, ref.REML)
			p := fromTheta(s, ref.Theta)
			// The order of summation over up to 7e4 rows, in both programs.
			tol := 1e-8 + 1e-12*math.Abs(ref.Criterion)
			if got := c.Value(p) + c.Shift(); math.Abs(got-ref.Criterion) > tol {
				t.Errorf("criterion %.10f, want %.10f", got, ref.Criterion)
			}
			sol := c.Solve(p)
			beta, cov := s.Beta(sol.Beta), s.BetaCov(sol.BetaCov)
			for i, want := range ref.Beta {
				if math.Abs(beta[i]-want) > 1e-6*ref.BetaSE[i] {
					t.Errorf("beta %d: %.10g, want %.10g", i, beta[i], want)
				}
				se := s.YScale * math.Sqrt(sol.Sigma2*cov[i*len(beta)+i])
				if math.Abs(se-ref.BetaSE[i]) > 1e-7*ref.BetaSE[i] {
					t.Errorf("SE %d: %.10g, want %.10g", i, se, ref.BetaSE[i])
				}
			}
			compareEffects(t, d, s, sol, c.CondVar(p), ref)
		})
	}
}

// fromTheta returns the point T^-1 Lambda, Lambda from lme4's theta.
func fromTheta(s *suffstat.Blocked, theta []float64) cone.Point {
	p := cone.Identity(s.Blocks, 0)
	for b, blk := range s.Blocks {
		k, t := blk.K, s.T[b]
		for c := range k {
			for r := c; r < k; r++ {
				if r != c && blk.Shape == cone.Diagonal {
					continue
				}
				p[b][r*k+c], theta = theta[0], theta[1:]
			}
			for r := k - 1; r >= 0; r-- { // T is upper triangular
				for i := r + 1; i < k; i++ {
					p[b][r*k+c] -= t[r*k+i] * p[b][i*k+c]
				}
				p[b][r*k+c] /= t[r*k+r]
			}
		}
	}
	return p
}

// compareEffects compares the modes and their variances with those of the
// first levels of each factor of one term.
func compareEffects(t *testing.T, d *design.Design, s *suffstat.Blocked, sol *criterion.Solution, condVar [][]float64, ref reference.Fit) {
	t.Helper()
	for f, e := range sol.Effects {
		for _, want := range ref.Ranef {
			term := d.Terms[e.Terms[0]]
			if term.Group != want.Group || len(e.Terms) > 1 {
				continue
			}
			k, tr := e.K, s.T[e.Terms[0]]
			for j, mode := range want.Modes {
				for r := range mode {
					var b, v float64
					for i := range k {
						b += s.YScale * tr[r*k+i] * e.Modes[j*k+i]
						for l := range k {
							v += s.YScale * s.YScale * sol.Sigma2 * tr[r*k+i] * condVar[f][(j*k+i)*k+l] * tr[r*k+l]
						}
					}
					if math.Abs(b-mode[r]) > 1e-6*math.Max(math.Abs(mode[r]), 1e-3*ref.Sigma) {
						t.Errorf("mode %d of %s, level %d: %.10g, want %.10g", r, want.Group, j, b, mode[r])
					}
					if j < len(want.CondVar) && math.Abs(v-want.CondVar[j][r][r]) > 1e-6*want.CondVar[j][r][r]+1e-12 {
						t.Errorf("variance of mode %d of %s, level %d: %.10g, want %.10g", r, want.Group, j, v, want.CondVar[j][r][r])
					}
				}
			}
		}
	}
}
