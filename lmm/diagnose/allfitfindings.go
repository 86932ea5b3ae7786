package diagnose

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/report"
)

// observe lists what the runs show of the fit: C2, C5, I1 or I2, C6.
func (r *AllFitResult) observe() []finding.Finding {
	var out []finding.Finding
	var terms, simpler []string
	d := r.model.Frame()
	for t := range d.Terms {
		terms = append(terms, d.Terms[t].Src)
		if text := d.Simpler(t); text != "" {
			simpler = append(simpler, text)
		}
	}
	if gain := r.Criterion - r.Best; gain > betterBy {
		f := finding.Finding{Code: "C2", Name: "NOT_CONV", Severity: finding.Serious, Params: terms,
			Evidence: []finding.Evidence{{Check: "criterion of the fit above the best run", Found: gain, Limit: betterBy}},
			Meaning:  "The fit is not at the best maximum: another run found a better one.",
			Remedies: []string{"Use the estimates of the best run."}}
		if len(r.Maxima) == 0 || r.Maxima[0].Above > betterBy {
			f.Meaning = "A run went lower than the fit without reaching a maximum: there is a better one, or the likelihood has none."
			f.Remedies = []string{"Search from where that run ended; see whether " + endless(r.model) + "."}
		}
		out = append(out, f)
	}
	for i := 1; i < len(r.Maxima); i++ {
		x := &r.Maxima[i]
		if x.Above > rivalBelow {
			continue
		}
		number, all := "two", "both"
		if n := r.rivals(); n > 1 {
			number = strconv.Itoa(n + 1)
			all = "all " + number
		}
		out = append(out, finding.Finding{Code: "C5", Name: "MULTIMODE", Severity: finding.Caution, Params: terms,
			Evidence: []finding.Evidence{
				{Check: "criterion of the second maximum above the first", Found: x.Above, Limit: rivalBelow},
				{Check: "rise of the criterion on the way between them", Found: x.Way.Barrier, Limit: barrierBetween},
				{Check: "largest difference of a fixed effect, in standard errors", Found: r.apart(i)}},
			Meaning: fmt.Sprintf("The likelihood has %s maxima, and the data hardly prefer one: the second lies %s above the first.", number, report.Diagnostic(x.Above)),
			Remedies: []string{"Report " + all + ", with the criterion between them.",
				"Look for a level or a row that pulls the estimates: a single one often makes the second maximum."}})
		break
	}
	if r.Agreement == OtherParameters {
		f := finding.Finding{Code: "I2", Name: "WEAK", Severity: finding.Caution, Params: terms,
			Evidence: []finding.Evidence{{Check: "largest difference of a covariance matrix at one value of the criterion, relative", Found: r.spreadOfMatrices(), Limit: r.apartAbove()}},
			Meaning:  "Runs end with the same criterion at other covariance parameters: the likelihood is flat between them.",
			Remedies: append(simpler, "Fit fewer random effects.")}
		if r.Verdict.Place == certify.NotIdentifiable {
			f.Code, f.Name, f.Severity, f.Params = "I1", "NOT_IDENT", finding.Serious, r.Verdict.NotIdentifiable
			f.Meaning = "Runs end with the same criterion at other covariance parameters: the data cannot tell these apart."
			f.Remedies = []string{"Drop one of the terms concerned, or merge them."}
		}
		out = append(out, f)
	}
	if f, ok := r.disagreement(); ok {
		out = append(out, f)
	}
	return out
}

// rivals counts the maxima that the data hardly tell from the best.
func (r *AllFitResult) rivals() int {
	n := 0
	for i := range r.Maxima {
		if i > 0 && r.Maxima[i].Above <= rivalBelow {
			n++
		}
	}
	return n
}

// apart is the largest difference of a fixed effect between a maximum and the
// first, in standard errors there.
func (r *AllFitResult) apart(i int) float64 { return effectsApart(r.first(0), r.first(i)) }

func (r *AllFitResult) spreadOfMatrices() float64 {
	most := 0.0
	for i := range r.Runs {
		if at := r.Runs[i].Maximum; at >= 0 {
			most = math.Max(most, matricesApart(r.first(at), r.Runs[i].model))
		}
	}
	return most
}

// disagreement is C6: runs that stopped where there is no maximum. They say
// nothing against a fit that is at one.
func (r *AllFitResult) disagreement() (finding.Finding, bool) {
	if len(r.Maxima) == 0 {
		return finding.Finding{}, false
	}
	var who []string
	above, effect := 0.0, 0.0
	for i := range r.Runs {
		run := &r.Runs[i]
		if run.Maximum >= 0 || run.model == nil {
			continue
		}
		d := effectsApart(r.first(0), run.model)
		if !(run.Above > criteriaDiffer) && !(d > effectsDiffer) {
			continue
		}
		above, effect = math.Max(above, run.Above), math.Max(effect, d)
		if !slices.Contains(who, run.Optimizer) {
			who = append(who, run.Optimizer)
		}
	}
	if len(who) == 0 {
		return finding.Finding{}, false
	}
	f := finding.Finding{Code: "C6", Name: "DISAGREE", Severity: finding.Note, Params: who,
		Evidence: []finding.Evidence{
			{Check: "largest criterion of a run above the best", Found: above, Limit: criteriaDiffer},
			{Check: "largest difference of a fixed effect, in standard errors", Found: effect, Limit: effectsDiffer}},
		Meaning:  fmt.Sprintf("Some runs of %s stop where there is no maximum; their certificates say so. They are no reason to doubt the maximum that the others found.", list(who)),
		Remedies: []string{"Do not use the estimates of these runs."}}
	return f, true
}

// Sentence says in plain words what the runs show.
func (r *AllFitResult) Sentence() string {
	at := make([]int, len(r.Maxima))
	for i := range at {
		at[i] = len(r.Maxima[i].Runs)
	}
	n := len(r.Runs)
	switch r.Agreement {
	case NoMaximum:
		return fmt.Sprintf("None of %s ends at a maximum of the likelihood.", plural(n, "run"))
	case SeveralMaxima:
		parts := []string{fmt.Sprintf("%d of %s at the best", at[0], plural(n, "run"))}
		for i, k := range at[1:] {
			parts = append(parts, fmt.Sprintf("%d at one %s above it", k, report.Criterion(r.Maxima[i+1].Above)))
		}
		return fmt.Sprintf("The likelihood has %d maxima: %s%s.", len(at), list(parts), r.missing())
	case OtherParameters:
		return fmt.Sprintf("%d of %s reach one value of the criterion, but at other covariance parameters%s.", at[0], plural(n, "run"), r.missing())
	}
	where := "at one point"
	if r.Verdict.Place == certify.NotIdentifiable {
		where += " of a ridge"
	}
	if at[0] == n {
		return fmt.Sprintf("All %s end %s.", plural(n, "run"), where)
	}
	return fmt.Sprintf("%d of %s end %s%s.", at[0], plural(n, "run"), where, r.missing())
}

// missing names the optimizers with runs that are at no maximum.
func (r *AllFitResult) missing() string {
	var who []string
	count := map[string]int{}
	for i := range r.Runs {
		if run := &r.Runs[i]; run.Maximum < 0 {
			if count[run.Optimizer] == 0 {
				who = append(who, run.Optimizer)
			}
			count[run.Optimizer]++
		}
	}
	if len(who) == 0 {
		return ""
	}
	for i, name := range who {
		who[i] = fmt.Sprintf("%s (%d)", name, count[name])
	}
	return "; at no maximum: runs of " + list(who)
}
