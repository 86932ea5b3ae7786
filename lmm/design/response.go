package design

import (
	"fmt"

	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/formula"
)

// isCounts reports whether the response is cbind(successes, failures), which
// stands in the first two variables of the frame.
func isCounts(n formula.Node) (*formula.Call, bool) {
	c, ok := n.(*formula.Call)
	return c, ok && c.Fun == "cbind"
}

// markTrials refuses negative counts and drops the rows without any trial.
func (fr *frame) markTrials(drop []bool) error {
	if !fr.counts {
		return nil
	}
	for _, v := range fr.vars[:2] {
		if v.val.isFactor || v.val.width > 1 {
			return errorAt(fr.src, v.node, "cbind() takes counts; %s is %s", v.node, fr.ev.describe(v.node, v.val))
		}
		for i, x := range v.val.numbers {
			if x < 0 {
				e := errorAt(fr.src, v.node, "%s is %g in row %d; a count is not negative", v.node, x, i+1)
				e.Row = i + 1
				return e
			}
		}
	}
	s, f := fr.vars[0].val.numbers, fr.vars[1].val.numbers
	fr.mark(drop, "the number of trials", lostTrials, nil, func(i int) bool { return s[i]+f[i] == 0 })
	return nil
}

// response computes Y and, for counts, Trials.
func (d *Design) response(fr *frame, opt *Options) error {
	if fr.counts {
		s, f := fr.vars[0].val.numbers, fr.vars[1].val.numbers
		d.Y, d.Trials = make([]float64, len(s)), make([]float64, len(s))
		for i := range s {
			d.Trials[i] = s[i] + f[i]
			d.Y[i] = s[i] / d.Trials[i]
		}
		return nil
	}
	v := fr.vars[0]
	switch {
	case opt.BinaryResponse && (v.val.isFactor || v.val.logical):
		return d.binary(v.node, v.val.asFactor())
	case v.val.isFactor:
		return errorAt(d.Formula.Src, v.node, "the response %s is %s; this model needs a number for every row; the binomial family takes a factor with two levels", v.node, fr.ev.describe(v.node, v.val))
	case v.val.logical:
		return errorAt(d.Formula.Src, v.node, "the response %s is TRUE or FALSE; to model it as a number write as.integer(%s)", v.node, v.node)
	case v.val.width > 1:
		return errorAt(d.Formula.Src, v.node, "the response %s has %d columns; a model has one", v.node, v.val.width)
	default:
		d.Y = v.val.numbers
	}
	return d.refuseConstant(v.node)
}

// binary sets Y to 0 for the first level of a factor and 1 for the others.
func (d *Design) binary(n formula.Node, f *value) error {
	d.Y = make([]float64, len(f.codes))
	seen := make(map[int32]bool)
	for i, c := range f.codes {
		seen[c] = true
		if c > 0 {
			d.Y[i] = 1
		}
	}
	if len(seen) == 1 {
		e := errorAt(d.Formula.Src, n, "the response %s is %q in %s: there is nothing to explain", n, f.levels[f.codes[0]], allRows(len(d.Y)))
		e.Code = "D9"
		return e
	}
	if !seen[0] {
		return errorAt(d.Formula.Src, n, "the first level of the response %s, %q, is in no row used; it is what the others are compared with: set the levels so that it occurs", n, f.levels[0])
	}
	if len(seen) > 2 {
		d.Findings = append(d.Findings, finding.Finding{
			Code: "D12", Name: "MANY_LEVELS", Severity: finding.Caution, Params: []string{n.String()},
			Evidence: []finding.Evidence{{Check: "levels of the response", Found: float64(len(seen)), Limit: 2}},
			Meaning:  fmt.Sprintf("The response %s has %d levels: %q counts as 0, every other as 1.", n, len(seen), f.levels[0]),
			Remedies: []string{"Say what is modelled with a comparison, " + n.String() + " == \"...\"."},
		})
	}
	return nil
}

// refuseConstant is failure mode D9.
func (d *Design) refuseConstant(n formula.Node) error {
	for _, y := range d.Y {
		if y != d.Y[0] {
			return nil
		}
	}
	e := errorAt(d.Formula.Src, n, "the response %s is %g in %s: there is nothing to explain", n, d.Y[0], allRows(len(d.Y)))
	e.Code = "D9"
	return e
}

// offsets adds up the offset() terms and Options.Offset.
func (d *Design) offsets(fr *frame) error {
	sum := fr.offset
	for _, o := range d.Formula.Offsets {
		v := fr.variable(o)
		if v.val.isFactor || v.val.width > 1 {
			return errorAt(d.Formula.Src, o, "an offset is a number for every row; %s is %s", o, fr.ev.describe(o, v.val))
		}
		if sum == nil {
			sum = make([]float64, len(fr.rows))
		}
		for i, x := range v.val.numbers {
			sum[i] += x
		}
	}
	d.Offset = sum
	return nil
}

// allRows names the rows of a frame.
func allRows(n int) string {
	if n == 1 {
		return "the only row used"
	}
	return fmt.Sprintf("all %d rows used", n)
}
