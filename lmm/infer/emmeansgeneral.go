package infer

import (
	"math"

	"github.com/golmm/golmm/lmm/family"
)

// respond names the scale of the means of a generalised model, takes them to that of
// the response if asked for, and differences of logarithms to ratios.
func (out *Means) respond(fam *family.Family, onResponse bool) {
	if onResponse {
		for i := range out.Rows {
			onMean(fam, &out.Rows[i].Estimate)
		}
		out.Notes = append(out.Notes, "Averaged on the scale of the "+fam.Link()+" link, for a level whose random effects are 0.")
	} else {
		out.Response = fam.Link() + " of " + out.Response
	}
	if out.Slope != "" || fam.Link() != "logit" && fam.Link() != "log" {
		return
	}
	for i := range out.Pairs {
		p := &out.Pairs[i]
		p.Ratio = &Ratio{math.Exp(p.Value), math.Exp(p.Lower), math.Exp(p.Upper)}
	}
}

// onMean takes an estimate on the scale of the link to that of the mean: its
// standard error by the delta method, its limits as they are. The test stays that of
// the linear predictor.
func onMean(fam *family.Family, e *Estimate) {
	if math.IsNaN(e.Value) {
		return
	}
	e.SE *= math.Abs(fam.MeanSlope(e.Value))
	a, b := fam.Mean(e.Lower), fam.Mean(e.Upper)
	e.Value, e.Lower, e.Upper = fam.Mean(e.Value), math.Min(a, b), math.Max(a, b)
}
