package covstruct

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/table"
)

// place finds times and occasions.
func (s *Structure) place(tab *table.Table, rows []int) error {
	s.places = make([]place, len(rows))
	if s.Spec.Time == "" {
		count := make([]int, len(s.Subjects))
		for i, j := range s.subject {
			s.places[i] = place{t: float64(count[j]), occ: count[j]}
			count[j]++
		}
		for k := range slices.Max(count) {
			s.Occasions = append(s.Occasions, fmt.Sprint(k+1))
		}
		return nil
	}
	c := tab.Column(s.Spec.Time)
	if c.Kind().Numeric() {
		if err := s.numericTimes(c, rows); err != nil {
			return err
		}
	} else {
		levels, codes := used(c, rows)
		s.Occasions = levels
		for i, k := range codes {
			s.places[i] = place{t: float64(k), occ: k}
		}
	}
	return s.distinct(rows)
}

func (s *Structure) numericTimes(c *table.Column, rows []int) error {
	values := make([]float64, len(rows))
	for i, r := range rows {
		values[i] = c.Float(r)
		if math.IsInf(values[i], 0) || math.IsNaN(values[i]) {
			return dataError(r+1, "the time %s is not a finite number", c.Name())
		}
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	s.Occasions, _ = used(c, rows) // the levels of numbers are in their order
	for i, v := range values {
		k, _ := slices.BinarySearch(sorted, v)
		s.places[i] = place{t: v, occ: k}
	}
	if !slices.Contains([]string{"ar", "ma1", "arma", "toep"}, s.Spec.Kind) || len(sorted) < 2 {
		return nil
	}
	step := math.Inf(1)
	for k := 1; k < len(sorted); k++ {
		step = math.Min(step, sorted[k]-sorted[k-1])
	}
	for i := range s.places {
		t := (values[i] - sorted[0]) / step
		s.places[i].t = math.Round(t)
		if math.Abs(t-s.places[i].t) > 1e-6 || t > 1e6 {
			return dataError(rows[i]+1, "%s needs times in equal steps, but %s has %g, which is %.3g steps of %g after %g; car1 and exp take any times, and 1 in place of %s the order of the rows",
				s.Spec.Kind, s.Spec.Time, values[i], t, step, sorted[0], s.Spec.Time)
		}
	}
	return nil
}

// distinct refuses two rows of a subject at one time.
func (s *Structure) distinct(rows []int) error {
	at := make([]int, len(s.Subjects)+1) // where the rows of each subject begin in order
	for _, j := range s.subject {
		at[j+1]++
	}
	for j := range s.Subjects {
		at[j+1] += at[j]
	}
	order, next := make([]int, len(rows)), slices.Clone(at)
	for i, j := range s.subject {
		order[next[j]] = i
		next[j]++
	}
	seen := make([]int, len(s.Occasions)) // row + 1 of the subject at hand
	for n, i := range order {
		if n > 0 && s.subject[order[n-1]] != s.subject[i] {
			for _, before := range order[at[s.subject[order[n-1]]]:n] {
				seen[s.places[before].occ] = 0
			}
		}
		p := s.places[i]
		if j := seen[p.occ] - 1; j >= 0 {
			return dataError(rows[i]+1, "subject %s has two rows at %s = %s, rows %d and %d of the table; a time identifies a row of a subject. Is a column of the subject missing, as in site:subject?",
				s.Subjects[s.subject[i]], s.Spec.Time, s.Occasions[p.occ], rows[j]+1, rows[i]+1)
		}
		seen[p.occ] = i + 1
	}
	return nil
}

// spans returns the longest lag within a subject, in steps, and the median
// distance of neighbours in time.
func (s *Structure) spans() (lags int, unit float64) {
	times := make([][]float64, len(s.Subjects))
	for i, j := range s.subject {
		times[j] = append(times[j], s.places[i].t)
	}
	var gaps []float64
	for _, t := range times {
		slices.Sort(t)
		for k := 1; k < len(t); k++ {
			gaps = append(gaps, t[k]-t[k-1])
		}
		lags = max(lags, int(math.Min(t[len(t)-1]-t[0], 1e6)))
	}
	slices.Sort(gaps)
	return lags, gaps[len(gaps)/2]
}

// together refuses a pair of occasions that no subject has both of.
func (s *Structure) together() error {
	m := len(s.Occasions)
	if m*(m-1)/2 > maxParameters {
		return nil // refused for its size
	}
	met := make([]bool, m*m)
	of := make([][]int, len(s.Subjects))
	for i, j := range s.subject {
		of[j] = append(of[j], s.places[i].occ)
	}
	for _, occs := range of {
		for _, a := range occs {
			for _, b := range occs {
				met[a*m+b] = true
			}
		}
	}
	for a := range m {
		for b := range a {
			if !met[a*m+b] {
				return dataError(0, "%s: no subject has a row at both %s and %s, so that their correlation cannot be told; take a structure with fewer parameters",
					s.Spec.Src, s.Occasions[b], s.Occasions[a])
			}
		}
	}
	return nil
}
