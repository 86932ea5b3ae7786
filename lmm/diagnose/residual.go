package diagnose

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/finding"
)

// spec is the structure of the residuals of the fit, nil where they have none.
func (s *subject) spec() *covstruct.Spec {
	if s.m.Residual() == nil {
		return nil
	}
	spec, err := covstruct.Parse(s.m.Options().Residual)
	if err != nil {
		return nil
	}
	return spec
}

// residuals are the findings on the structure of the residuals: parameters at the
// limit of their range (B6), a variance function that is (B7).
func (s *subject) residuals() []finding.Finding {
	r, spec := s.m.Residual(), s.spec()
	if spec == nil || r.Reason != "" || s.verdict.Convergence != certify.Converged {
		return nil
	}
	var out []finding.Finding
	for _, p := range r.Params {
		if f, ok := s.atLimit(spec, p); ok {
			out = append(out, f)
		}
	}
	if f, ok := s.steep(spec); ok {
		out = append(out, f)
	}
	return out
}

// fewSubjects is I3: correlations of occasions that hardly more subjects than
// parameters have to tell.
func (s *subject) fewSubjects() []finding.Finding {
	spec, o := s.spec(), s.m.Occasions()
	if spec == nil || o == nil || spec.Kind != "corr" && (spec.Kind != "toep" || spec.Order > 0) {
		return nil
	}
	n, m := s.m.NPar()-s.d.X.Cols, len(o.Subjects)
	if m >= n {
		return nil
	}
	return []finding.Finding{{Code: "I3", Name: "FEW_SUBJECTS", Severity: finding.Caution, Params: []string{spec.Src},
		Evidence: []finding.Evidence{{Check: "subjects", Found: float64(m), Limit: float64(n)}, {Check: "occasions", Found: float64(len(o.Labels))}},
		Meaning: fmt.Sprintf("%s has %s, which %s have to tell: its correlations are far from certain, and so are the standard errors that they give.",
			spec.Src, plural(n, "covariance parameter"), plural(m, "subject")),
		Remedies: []string{"Take a structure with fewer parameters, such as cs, ar1 or toep with two lags.", "Take sandwich standard errors, CR2."}}}
}

// limitShare: a parameter is at its limit where what is left of its range on one
// side is less than this share of it. A correlation of 0.999 is in the design of no
// study; below it standard errors on the logit scale hold.
const limitShare = 1e-3

// atLimit is B6 for one parameter.
func (s *subject) atLimit(spec *covstruct.Spec, p covstruct.Estimate) (finding.Finding, bool) {
	f := finding.Finding{Code: "B6", Name: "STRUCTURE_LIMIT", Severity: finding.Caution, Params: []string{p.Name + " of " + spec.Src}}
	end, limit := "", math.NaN()
	switch width := p.Upper - p.Lower; {
	case p.Name == "range" || p.Name == "correlation at distance 1":
		near, far, ok := s.reach(spec, p)
		switch {
		case !ok:
		case near < limitShare:
			end, limit = "lower", p.Lower
			f.Evidence = append(f.Evidence, finding.Evidence{Check: "correlation of neighbours in time", Found: near, Limit: limitShare})
		case far > 1-limitShare:
			end, limit = "upper", p.Upper
			f.Evidence = append(f.Evidence, finding.Evidence{Check: "correlation of the rows farthest apart", Found: far, Limit: 1 - limitShare})
		}
	case math.IsInf(width, 1):
	case p.Value-p.Lower < limitShare*width:
		end, limit = "lower", p.Lower
	case p.Upper-p.Value < limitShare*width:
		end, limit = "upper", p.Upper
	}
	if end == "" {
		return f, false
	}
	f.Evidence = append([]finding.Evidence{{Check: p.Name, Found: p.Value, Limit: limit}}, f.Evidence...)
	f.Meaning, f.Remedies = meaningOf(spec, p, end)
	if p.Name == "nugget" && end == "lower" {
		f.Severity = finding.Note
	}
	return f, true
}

// meaningOf says what a parameter at the end of its range means.
func meaningOf(spec *covstruct.Spec, p covstruct.Estimate, end string) (meaning string, remedies []string) {
	subject := strings.Join(spec.Subject, ":")
	switch {
	case p.Name == "nugget" && end == "lower":
		return fmt.Sprintf("The best estimate of the nugget of %s is 0: rows of one %s close in time are as alike as they can be, and nothing is left for errors of measurement. It is a valid estimate.", spec.Src, subject),
			[]string{"Drop the nugget: the fit stays."}
	case p.Name == "nugget":
		return fmt.Sprintf("The nugget of %s takes all of the variance: no correlation is left beside it, and the range means nothing.", spec.Src),
			[]string{"Take independent residuals, or compound symmetry."}
	case p.Name == "correlation" && end == "lower":
		return fmt.Sprintf("The correlation within %s is at the lowest value that its number of rows allows: the sum of the rows of one %s hardly varies, as where they share out a fixed amount.", subject, subject),
			[]string{"See whether the response was centred or shared out within " + subject + ".", "Model the differences of rows within " + subject + "."}
	case p.Name == "range" && end == "upper", p.Name == "correlation at distance 1" && end == "upper":
		return fmt.Sprintf("All rows of one %s are almost equally alike, whatever their distance in time: %s does what a random intercept does.", subject, spec.Src),
			[]string{"Take compound symmetry or a random intercept of " + subject + "."}
	case end == "upper":
		return fmt.Sprintf("The %s of %s is at 1: what rows of one %s have in common does not fade, and residual variance and correlation can hardly be told apart.", p.Name, spec.Src, subject),
			[]string{"Add a random intercept of " + subject + " or take compound symmetry.", "Look for a fixed effect that is missing: a trend left in the residuals looks like this."}
	case p.Name == "range" || p.Name == "correlation at distance 1":
		return fmt.Sprintf("Neighbours in time within %s are not alike: %s has nothing to describe.", subject, spec.Src),
			[]string{"Take independent residuals."}
	}
	return fmt.Sprintf("The %s of %s is at its lower limit: rows within %s alternate.", p.Name, spec.Src, subject),
		[]string{"See whether " + subject + " and the times are the right columns.", "Take independent residuals."}
}

// reach returns the correlation of neighbours in time and of the rows farthest
// apart within a subject, by a decay.
func (s *subject) reach(spec *covstruct.Spec, p covstruct.Estimate) (near, far float64, ok bool) {
	o := s.m.Occasions()
	if o == nil {
		return 0, 0, false
	}
	times := make([][]float64, len(o.Subjects))
	for i, j := range o.Of {
		times[j] = append(times[j], o.Times[i])
	}
	var gaps []float64
	span := 0.0
	for _, t := range times {
		slices.Sort(t)
		for k := 1; k < len(t); k++ {
			gaps = append(gaps, t[k]-t[k-1])
		}
		if len(t) > 1 {
			span = math.Max(span, t[len(t)-1]-t[0])
		}
	}
	if len(gaps) == 0 {
		return 0, 0, false
	}
	slices.Sort(gaps)
	at := func(h float64) float64 {
		switch {
		case p.Name != "range":
			return math.Pow(p.Value, h)
		case spec.Kind == "gau":
			return math.Exp(-h * h / (p.Value * p.Value))
		}
		return math.Exp(-h / p.Value)
	}
	return at(gaps[len(gaps)/2]), at(span), true
}

// steepest is the ratio of the sds of two rows above which a variance function
// has left what data can tell: the rows with the small sd are then fitted alone.
const steepest = 1e3

// steep is B7.
func (s *subject) steep(spec *covstruct.Spec) (finding.Finding, bool) {
	if r := s.m.Residual(); !r.Varies {
		return finding.Finding{}, false
	}
	sds := s.m.ResidualSDs()
	least, most := slices.Min(sds), slices.Max(sds)
	if most < steepest*least {
		return finding.Finding{}, false
	}
	var names []string
	for _, p := range s.m.Residual().Params {
		if math.IsInf(p.Upper, 1) && p.Name != "range" {
			names = append(names, p.Name+" of "+spec.Src)
		}
	}
	return finding.Finding{Code: "B7", Name: "VARIANCE_LIMIT", Severity: finding.Caution, Params: names,
		Evidence: []finding.Evidence{{Check: "largest residual sd over the smallest", Found: most / least, Limit: steepest}},
		Meaning:  "The variance function makes some rows almost free of error: they decide the fixed effects alone, and their small variance is told by few rows.",
		Remedies: []string{"Merge levels with few rows.", "Take a variance function with fewer parameters, or one variance."}}, true
}
