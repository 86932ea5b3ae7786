package covstruct

import "github.com/golmm/golmm/lmm/cone"

// Entries returns R_ij of any two rows of the frame at a point, in units of the
// variance that the criterion profiles; 0 between subjects. The function may be
// used beside the receiver and by many at once.
func (o *Objective) Entries(p cone.Point) func(i, j int) float64 {
	type position struct{ kind, group, at int }
	where := make([]position, o.rows.N)
	full := make([][]float64, len(o.kinds))
	for k := range o.kinds {
		n := len(o.kinds[k].rows)
		full[k] = make([]float64, n*n)
		o.s.fill(full[k], nil, false, p[len(o.rows.Blocks):], &o.kinds[k].group)
		for g, grp := range o.kinds[k].all {
			for at, row := range grp.rows {
				where[row] = position{k, g, at}
			}
		}
	}
	return func(i, j int) float64 {
		a, b := where[i], where[j]
		if a.kind != b.kind || a.group != b.group {
			return 0
		}
		return full[a.kind][a.at*len(o.kinds[a.kind].rows)+b.at]
	}
}

// Place is where a row stands: its subject and its occasion, as indices of
// Structure.Subjects and Structure.Occasions, and its time, in steps where the
// structure counts steps.
type Place struct {
	Subject, Occasion int
	Time              float64
}

// PlaceOf is the place of a row of the frame.
func (s *Structure) PlaceOf(row int) Place {
	return Place{Subject: int(s.subject[row]), Occasion: s.places[row].occ, Time: s.places[row].t}
}
