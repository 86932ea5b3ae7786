package notebooks_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm/gee"
	"github.com/golmm/golmm/lmm/table"
)

// check23 holds lesson 23: the ratio of risk ratios by hand, and by estimating
// equations on one row for each person.
func check23(t *testing.T, p *page) {
	events, of := [4]int{20, 14, 12, 17}, [4]int{500, 250, 200, 150}
	var a, b []string
	var event, person []int64
	var ln, v float64
	for i, n := range of {
		ln += []float64{1, -1, -1, 1}[i] * math.Log(float64(events[i])/float64(n))
		v += 1/float64(events[i]) - 1/float64(n)
		for j := range n {
			a, b = append(a, []string{"no", "yes"}[i%2]), append(b, []string{"no", "yes"}[i/2])
			person = append(person, int64(len(person)))
			event = append(event, 0)
			if j < events[i] {
				event[len(event)-1] = 1
			}
		}
	}
	se := math.Sqrt(v)
	p.shows(t, "hand", num(math.Exp(ln), 4), num(ln, 4), num(se, 4), num(math.Exp(ln-1.96*se), 2), num(math.Exp(ln+1.96*se), 2))
	p.says(t, "report", num(math.Exp(ln), 2), num(math.Exp(ln-1.96*se), 2), num(math.Exp(ln+1.96*se), 2))

	tab, err := table.New(table.NewColumn("A", a), table.NewColumn("B", b), table.NewColumn("event", event), table.NewColumn("person", person))
	if err != nil {
		t.Fatal(err)
	}
	for family, id := range map[string]string{"binomial": "remedies", "poisson": "remedies-poisson"} {
		r, err := gee.Fit("event ~ A*B", tab, &gee.Options{Subject: "person", Family: family, Link: "log", SE: gee.Robust})
		if err != nil {
			t.Fatal(err)
		}
		last := r.Coefficients[len(r.Coefficients)-1]
		if math.Abs(last.Estimate-ln) > 1e-6 || math.Abs(last.SE-se) > 1e-5 {
			t.Errorf("%s: %g, SE %g; by hand %g, SE %g", family, last.Estimate, last.SE, ln, se)
		}
		p.shows(t, id, num(last.Estimate, 3), num(last.SE, 3))
	}
	p.shows(t, "verdict", "D8 SATURATED")
}
