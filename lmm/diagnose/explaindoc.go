package diagnose

import (
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/report"
)

// Document is the explanation as a person reads it: each message with what the
// program saw, what it means and does not mean, and what to do.
func (e *Explanation) Document() *report.Doc {
	doc := &report.Doc{Label: "Messages explained", Tone: report.Plain}
	title := "No message known"
	if n := len(e.Answers); n > 0 {
		title = plural(n, "message") + " explained"
		if u := len(e.Unknown); u > 0 {
			title += ", " + strconv.Itoa(u) + " not known"
		}
	}
	doc.Add(report.Verdict{Title: title})
	if len(e.Answers) == 0 && len(e.Unknown) == 0 {
		return doc.Add(report.Sentence{Text: report.Words("The text is empty. Paste what the program printed, the whole of it.")})
	}
	var points report.Points
	for i := range e.Answers {
		points.Items = append(points.Items, e.Answers[i].point())
	}
	if len(points.Items) > 0 {
		doc.Add(points)
	}
	for _, s := range e.Together {
		doc.Add(report.Sentence{Text: report.Words("Together: " + s)})
	}
	e.addUnknown(doc)
	if e.Skipped > 0 {
		doc.Add(report.Note{Text: report.Words("The text is long: ").Number(strconv.Itoa(e.Skipped)).Words(" bytes in its middle were not read.")})
	}
	return doc
}

// point is an answer as a statement with its reasons.
func (a *Answer) point() report.Point {
	m := &a.Message
	p := report.Point{Head: report.Words(m.Program + ": " + a.Said[0].Text)}
	add := func(lead, words string) {
		if words != "" {
			p.Reasons = append(p.Reasons, report.Inline{}.Bold(lead).Words(words))
		}
	}
	if a.Times > 1 {
		add("Said ", strconv.Itoa(a.Times)+" times"+map[bool]string{true: ", in " + strconv.Itoa(len(a.Said)) + " wordings.", false: "."}[len(a.Said) > 1])
	}
	add("It saw: ", m.Saw)
	add("It means: ", m.Means)
	add("Its numbers: ", a.Judged)
	add("It does not mean: ", m.Not)
	add("Do: ", m.Do)
	add("Check: ", m.Check)
	axes := m.Convergence + " on convergence; " + m.Place + " on the place."
	if m.Convergence == saysNothing && m.Place == saysNothing {
		axes = "nothing on either axis."
	}
	if len(m.Codes) > 0 {
		axes += " Behind it can stand " + strings.Join(named(m.Codes), ", ") + "."
	}
	add("On the two axes: ", axes)
	p.Aside = report.Words("From " + m.Source + ".")
	return p
}

// addUnknown adds what is not known, and the messages nearest to it.
func (e *Explanation) addUnknown(doc *report.Doc) {
	if len(e.Unknown) == 0 {
		return
	}
	var points report.Points
	for _, u := range e.Unknown {
		p := report.Point{Word: "not known", Head: report.Words(u.Text)}
		if len(u.Near) == 0 {
			p.Reasons = append(p.Reasons, report.Words("No message in the catalogue resembles it."))
		}
		for _, n := range u.Near {
			p.Reasons = append(p.Reasons, report.Words("Near: "+n.Program+", "+n.Text+" ("+n.ID+", ").Number(report.Correlation(n.Similarity)).Words(")"))
		}
		points.Items = append(points.Items, p)
	}
	doc.Add(points, report.Note{Text: report.Words(nearRule + " Nothing is concluded from a message that is not known: fit the model with golmm diagnose FORMULA FILE.")})
}

// List is the catalogue, one line a message: its name, its program and its
// text, "..." for the parts that change.
func List() []string {
	var out []string
	for _, m := range Messages() {
		out = append(out, m.ID+"\t"+m.Program+"\t"+readable(m.Forms[0]))
	}
	return out
}

// named returns codes with their names: "C1 POLISH".
func named(codes []string) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = strings.TrimSpace(c + " " + codeName(c))
	}
	return out
}

// codeName is the name of a code of the taxonomy, "" for one that is not in it.
func codeName(code string) string {
	switch code {
	case "D1":
		return "RANK_X"
	case "D2":
		return "SCALE"
	case "D3":
		return "FEW_LEVELS"
	case "D4":
		return "SINGLETON"
	case "D5":
		return "RE_GE_OBS"
	case "D6":
		return "NO_WITHIN"
	case "D7":
		return "SEPARATION"
	case "D8":
		return "SATURATED"
	case "D9":
		return "CONST_Y"
	case "D10":
		return "MISSING"
	case "D13":
		return "ONE_KIND"
	case "D14":
		return "FEW_EVENTS"
	case "V1":
		return "DISPERSION"
	case "V2":
		return "ZEROS"
	case "A4":
		return "QUADRATURE"
	case "I1":
		return "NOT_IDENT"
	case "I2":
		return "WEAK"
	case "C0":
		return "CONVERGED"
	case "C1":
		return "POLISH"
	case "C2":
		return "NOT_CONV"
	case "C3":
		return "SADDLE"
	case "C4":
		return "FALSE_EDGE"
	case "C5":
		return "MULTIMODE"
	case "C6":
		return "DISAGREE"
	case "C7":
		return "NUMERIC"
	case "B1":
		return "ZERO_VAR"
	case "B2":
		return "CORR_1"
	case "B3":
		return "LOW_RANK"
	case "B4":
		return "NEG_VAR"
	case "B5":
		return "R_OVER_1"
	case "B6":
		return "STRUCTURE_LIMIT"
	case "B7":
		return "VARIANCE_LIMIT"
	case "I3":
		return "FEW_SUBJECTS"
	case "N2":
		return "GRADIENT_UNITS"
	case "N3":
		return "BELOW_0"
	case "A5":
		return "NO_CRITERION"
	case "A6":
		return "LINK_LIMIT"
	case "H1":
		return "NONPD"
	case "H2":
		return "ZERO_SE"
	case "W1":
		return "WORKING"
	case "N1":
		return "NEG_COV"
	case "F1":
		return "FOREIGN"
	case "M1":
		return "MCMC"
	}
	return ""
}
