package separation

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/table"
)

// response is how the values of the response are called.
type response struct {
	name, zero, one string
	counts          bool
}

func responseOf(d *design.Design) response {
	out := response{name: d.Formula.Response.String(), zero: "0", one: "1", counts: d.Trials != nil}
	for _, y := range d.Y {
		out.counts = out.counts || y != 0 && y != 1
	}
	names, _ := design.Columns(d.Formula.Response)
	if d.Trials != nil && len(names) > 0 {
		out.name = "the proportion of " + names[0]
	}
	if len(names) != 1 || names[0] != out.name {
		return out
	}
	c := d.Table().Column(names[0])
	if c == nil || !c.Kind().Categorical() && c.Kind() != table.Bool && c.Kind() != table.Text {
		return out
	}
	if levels := c.AsFactor().Levels(); len(levels) > 0 {
		out.zero, out.one = levels[0], "not "+levels[0]
		if len(levels) == 2 {
			out.one = levels[1]
		}
	}
	return out
}

// maxListed is the number of cells that a sentence names.
const maxListed = 4

// Sentence says what separates the responses, "" where nothing does.
func (r *Result) Sentence() string {
	switch {
	case !r.Separated():
		return ""
	case r.Group != "":
		return fmt.Sprintf("Within each level of %s, %s.", r.Group, r.combination())
	case r.one != Held:
		return fmt.Sprintf("%s is %s in all %d rows.", r.response.name, r.kind(r.one == Up), len(r.Rows))
	case r.covered:
		return r.alike() + "."
	case r.Threshold != nil:
		return r.around() + "."
	case len(r.Cells) > 0:
		return r.alike() + ". Besides, " + r.combination() + "."
	}
	return r.combination() + "."
}

// kind is how a response is called.
func (r *Result) kind(up bool) string {
	if up {
		return r.response.one
	}
	return r.response.zero
}

// alike names the cells.
func (r *Result) alike() string {
	var parts []string
	for _, c := range r.Cells[:min(len(r.Cells), maxListed)] {
		all := fmt.Sprintf("all %d rows", c.Rows)
		if c.Rows == 1 {
			all = "the one row"
		}
		parts = append(parts, fmt.Sprintf("%s with %s: %s is %s", all, c.Name(), r.response.name, r.kind(c.High)))
	}
	text := strings.Join(parts, "; ")
	if more := len(r.Cells) - maxListed; more > 0 {
		text += fmt.Sprintf("; and so in %d more", more)
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// around says where the threshold is.
func (r *Result) around() string {
	t := r.Threshold
	low, high := r.kind(!t.HighAbove), r.kind(t.HighAbove)
	below, above := apart(t.Below, t.Above)
	switch {
	case t.NoneBelow:
		return fmt.Sprintf("%s is %s wherever %s is above %s, its least value", r.response.name, high, t.Column, above)
	case t.NoneAbove:
		return fmt.Sprintf("%s is %s wherever %s is below %s, its largest value", r.response.name, low, t.Column, below)
	case t.Below == t.Above:
		return fmt.Sprintf("%s is %s wherever %s is below %s and %s wherever it is above", r.response.name, low, t.Column, below, high)
	}
	return fmt.Sprintf("%s is %s wherever %s is %s or less and %s wherever it is %s or more", r.response.name, low, t.Column, below, high, above)
}

// apart writes two numbers with so many digits that they differ if they do.
func apart(a, b float64) (string, string) {
	for digits := 6; ; digits++ {
		s, t := fmt.Sprintf("%.*g", digits, a), fmt.Sprintf("%.*g", digits, b)
		if s != t || a == b || digits == 17 {
			return s, t
		}
	}
}

// combination writes the direction as a linear combination.
func (r *Result) combination() string {
	sum := r.Combination()
	if r.Group != "" {
		return fmt.Sprintf("%s is never lower where %s is %s than where it is %s", sum, r.response.name, r.high(), r.response.zero)
	}
	if r.response.counts {
		return fmt.Sprintf("%s is 0 or less wherever %s is 0, and never below 0 where it is not", sum, r.response.name)
	}
	return fmt.Sprintf("%s is 0 or less wherever %s is %s and 0 or more wherever it is %s", sum, r.response.name, r.response.zero, r.response.one)
}

func (r *Result) high() string {
	if r.response.counts {
		return "above 0"
	}
	return r.response.one
}

// Combination is the direction as a sum over columns, "x - 0.3 z + 0.5", its
// largest coefficient, the intercept's apart, scaled to 1.
func (r *Result) Combination() string {
	unit := 0.0
	for _, j := range r.Columns {
		if r.Names[j] != intercept {
			unit = math.Max(unit, math.Abs(r.Direction[j]))
		}
	}
	if unit == 0 {
		unit = 1
	}
	var text strings.Builder
	last := ""
	for _, j := range r.Columns {
		v := r.Direction[j] / unit
		name := r.Names[j]
		sign := " + "
		if v < 0 {
			sign = " - "
		}
		size := fmt.Sprintf("%.4g", math.Abs(v))
		if name == intercept {
			if r.Group == "" {
				last = sign + size
			}
			continue
		}
		if size == "1" {
			size = ""
		} else {
			size += " "
		}
		if text.Len() == 0 {
			sign = strings.TrimPrefix(strings.TrimSpace(sign), "+")
		}
		text.WriteString(sign + size + name)
	}
	if text.Len() == 0 {
		return "the intercept"
	}
	return text.String() + last
}

const intercept = "(Intercept)"

// Params are the names of the columns whose coefficients are not finite.
func (r *Result) Params() []string {
	var out []string
	for _, j := range r.Infinite {
		out = append(out, r.Names[j])
	}
	return out
}

// Finding is D7, for a result that is separated: serious for the fixed effects,
// of caution for those within levels of a group.
func (r *Result) Finding() finding.Finding {
	f := finding.Finding{Code: "D7", Name: "SEPARATION", Severity: finding.Serious, Params: r.Params(),
		Evidence: []finding.Evidence{
			{Check: "rows that are separated", Found: float64(len(r.Rows))},
			{Check: "rows that could be", Found: float64(r.Open)}},
		Meaning: r.Sentence()}
	names := list(f.Params)
	if r.Group != "" {
		f.Severity = finding.Caution
		f.Meaning += fmt.Sprintf(" What keeps the estimates of %s finite is the comparison of levels of %s with each other alone.", names, r.Group)
		f.Remedies = []string{"Compare with a weakly informative prior on the coefficients.", "Read the profile, not the standard error."}
		return f
	}
	f.Meaning += fmt.Sprintf(" The likelihood grows without end: there is no finite estimate of %s.", names)
	if finite := len(r.Names) - len(r.Infinite); finite > 0 && finite <= maxListed && !r.Complete {
		var rest []string
		for j, name := range r.Names {
			if !slices.Contains(r.Infinite, j) {
				rest = append(rest, name)
			}
		}
		f.Meaning += fmt.Sprintf(" For %s there is one.", list(rest))
	}
	f.Remedies = []string{"Put a weakly informative prior on the coefficients, which keeps them finite."}
	if len(r.Cells) > 0 && r.Cells[0].Among > 2 {
		f.Remedies = append(f.Remedies, "Merge "+r.Cells[0].Name()+" with a level like it, if there is one.")
	}
	f.Remedies = append(f.Remedies, "Test it by likelihood ratio: its standard error says nothing.")
	return f
}

// list joins words: "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
