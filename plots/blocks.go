package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/golmm/golmm/lmm"
)

// block is what one grouping factor shows: levels by coefficients.
type block struct {
	group   string
	labels  []string
	names   []string
	bars    [][]bar // names x labels
	omitted int     // coefficients over maxPanels
}

// collect takes the modes apart into blocks, one for each grouping factor in
// the order of the model.
func collect(terms []lmm.Modes, opt Options) ([]block, error) {
	if len(terms) == 0 {
		return nil, &DataError{Reason: "the model has no random effects, so there are no conditional modes to draw"}
	}
	var blocks []block
	for _, t := range terms {
		if err := check(t); err != nil {
			return nil, err
		}
		if opt.Group != "" && t.Group != opt.Group {
			continue
		}
		at := slices.IndexFunc(blocks, func(b block) bool {
			return b.group == t.Group && slices.Equal(b.labels, t.Levels)
		})
		if at < 0 {
			blocks = append(blocks, block{group: t.Group, labels: slices.Clone(t.Levels)})
			at = len(blocks) - 1
		}
		blocks[at].add(t)
	}
	if len(blocks) == 0 {
		var known []string
		for _, t := range terms {
			if !slices.Contains(known, t.Group) {
				known = append(known, t.Group)
			}
		}
		return nil, &OptionError{Option: "Group", Value: opt.Group, Known: known}
	}
	return blocks, checkOrder(blocks, opt)
}

// check refuses modes whose parts do not belong together.
func check(t lmm.Modes) error {
	switch {
	case len(t.Levels) == 0 || len(t.Names) == 0:
		return &DataError{t.Group, "the term has no levels or no coefficients"}
	case len(t.Mode) != len(t.Levels):
		return &DataError{t.Group, fmt.Sprintf("%d levels have %d rows of modes", len(t.Levels), len(t.Mode))}
	}
	for i, m := range t.Mode {
		if len(m) != len(t.Names) {
			return &DataError{t.Group, fmt.Sprintf("level %q has %d modes for %d coefficients", t.Levels[i], len(m), len(t.Names))}
		}
	}
	return nil
}

// checkOrder refuses an order by a coefficient that no block has.
func checkOrder(blocks []block, opt Options) error {
	if opt.OrderBy == "" {
		return nil
	}
	var known []string
	for _, b := range blocks {
		if slices.Contains(b.names, opt.OrderBy) {
			return nil
		}
		known = append(known, b.names...)
	}
	return &OptionError{Option: "OrderBy", Value: opt.OrderBy, Known: known}
}

// add appends the coefficients of a term.
func (b *block) add(t lmm.Modes) {
	for j, name := range t.Names {
		if len(b.names) == maxPanels {
			b.omitted++
			continue
		}
		bars := make([]bar, len(t.Levels))
		for i := range bars {
			bars[i] = bar{value: t.Mode[i][j], half: z95 * conditionalSD(t, i, j)}
		}
		b.names = append(b.names, name)
		b.bars = append(b.bars, bars)
	}
}

// conditionalSD is NaN where the term has no variance for the entry.
func conditionalSD(t lmm.Modes, level, coefficient int) float64 {
	if level >= len(t.CondVar) || coefficient >= len(t.CondVar[level]) || coefficient >= len(t.CondVar[level][coefficient]) {
		return math.NaN()
	}
	return math.Sqrt(t.CondVar[level][coefficient][coefficient])
}

// orderedBy is the index of the coefficient that orders the rows, -1 for the
// order of the levels.
func (b *block) orderedBy(opt Options) int {
	if opt.LevelOrder {
		return -1
	}
	if j := slices.Index(b.names, opt.OrderBy); j >= 0 {
		return j
	}
	return len(b.names) - 1
}

// sort orders the rows, lowest first, levels without a value last.
func (b *block) sort(opt Options) {
	j := b.orderedBy(opt)
	if j < 0 {
		return
	}
	at := make([]int, len(b.labels))
	for i := range at {
		at[i] = i
	}
	key := b.bars[j]
	sort.SliceStable(at, func(x, y int) bool {
		vx, vy := key[at[x]].value, key[at[y]].value
		if math.IsNaN(vx) || math.IsNaN(vy) {
			return !math.IsNaN(vx) && math.IsNaN(vy)
		}
		return cmp.Less(vx, vy)
	})
	b.labels = permuted(b.labels, at)
	for k := range b.bars {
		b.bars[k] = permuted(b.bars[k], at)
	}
}

// thin keeps at most most rows, evenly spaced.
func (b *block) thin(most int) {
	if len(b.labels) <= most {
		return
	}
	at := spaced(len(b.labels), most)
	b.labels = permuted(b.labels, at)
	for k := range b.bars {
		b.bars[k] = permuted(b.bars[k], at)
	}
}

// panelCount is the number of panels of blocks.
func panelCount(blocks []block) int {
	n := 0
	for _, b := range blocks {
		n += len(b.names)
	}
	return n
}

// permuted are the elements of s at the places given.
func permuted[T any](s []T, at []int) []T {
	out := make([]T, len(at))
	for i, k := range at {
		out[i] = s[k]
	}
	return out
}

// flat says that every mode of the block is zero, as at a variance of zero.
func (b *block) flat() bool {
	for _, bars := range b.bars {
		for _, x := range bars {
			if x.value != 0 {
				return false
			}
		}
	}
	return true
}

// bare is the number of levels that lack an interval in some panel.
func (b *block) bare() int {
	n := 0
	for i := range b.labels {
		for _, bars := range b.bars {
			if !bars[i].hasInterval() {
				n++
				break
			}
		}
	}
	return n
}
