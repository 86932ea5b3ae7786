package summary

import (
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/report"
)

// Findings returns a document with findings, the most severe first.
func Findings(findings []finding.Finding) *report.Doc {
	doc := &report.Doc{Label: "Findings"}
	if len(findings) == 0 {
		return doc.Add(report.Sentence{Text: report.Words("Nothing was found that needs saying.")})
	}
	points := points(findings)
	doc.Tone = points.Items[0].Tone
	return doc.Add(points)
}

// points turns findings into statements, the most severe first, otherwise in
// the order given.
func points(findings []finding.Finding) report.Points {
	var out report.Points
	for _, f := range bySeverity(findings) {
		out.Items = append(out.Items, point(f))
	}
	return out
}

func bySeverity(findings []finding.Finding) []finding.Finding {
	out := slices.Clone(findings)
	slices.SortStableFunc(out, func(a, b finding.Finding) int { return int(b.Severity) - int(a.Severity) })
	return out
}

// untold is what findings add to a summary. Those that the sentence of the
// verdict has told already are left with what to try.
func untold(m Model) report.Points {
	var out report.Points
	for _, f := range bySeverity(m.Findings()) {
		p := point(f)
		if told(f.Code, m.Verdict()) {
			if len(f.Remedies) == 0 {
				continue
			}
			p.Word, p.Head, p.Reasons = "try", report.Words(strings.Join(f.Remedies, " ")), nil
		}
		out.Items = append(out.Items, p)
	}
	return out
}

// told reports whether the sentence of a verdict says what a code means.
func told(code string, v certify.Verdict) bool {
	switch {
	case code == "C2", code == "D8":
		return v.Convergence != certify.Converged
	case code == "I1":
		return v.Place == certify.NotIdentifiable
	}
	return strings.HasPrefix(code, "B") && v.Place == certify.Boundary
}

// point puts the meaning first, then whom it concerns, the numbers behind it
// and what to try; the code comes last, for those who look it up.
func point(f finding.Finding) report.Point {
	p := report.Point{Tone: tone(f.Severity), Word: f.Severity.String(), Head: report.Words(f.Meaning)}
	var about report.Inline
	if len(f.Params) > 0 {
		about = about.Words("Concerns ")
		for i, name := range f.Params {
			if i > 0 {
				about = about.Words(", ")
			}
			about = about.Code(name)
		}
		about = about.Words(". ")
	}
	for _, e := range f.Evidence {
		about = about.Words(upperFirst(e.Check) + ": ").Number(report.Diagnostic(e.Found))
		if e.Limit != 0 {
			about = about.Words(" (limit ").Number(report.Diagnostic(e.Limit)).Words(")")
		}
		about = about.Words(". ")
	}
	if f.Code != "" {
		about = about.Words("Code " + strings.TrimSpace(f.Code+" "+f.Name) + ".")
	}
	if len(f.Remedies) > 0 {
		p.Reasons = append(p.Reasons, report.Words("Try: "+strings.Join(f.Remedies, " ")))
	}
	p.Aside = about
	return p
}

func tone(s finding.Severity) report.Tone {
	switch s {
	case finding.Serious:
		return report.Serious
	case finding.Caution:
		return report.Caution
	}
	return report.Plain
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
