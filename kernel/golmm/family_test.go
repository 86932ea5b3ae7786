package main

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
)

const herds = "cbind(incidence, size - incidence) ~ period + (1 | herd)"

// glmer 1.1-31 has the criteria of the logit link, glmmTMB 1.1.5 that of the probit
// link.
func TestFitFamily(t *testing.T) {
	for _, c := range []struct {
		flags     []string
		criterion float64
		nodes     int
		says      string
	}{
		{nil, 184.052563730, 1, "binomial (logit), Laplace approximation"},
		{[]string{"--agq", "0"}, 184.108590946, 0, "joint approximation"},
		{[]string{"--link", "probit"}, 185.166675, 1, "binomial (probit)"},
	} {
		args := append([]string{"fit", "--family", "binomial", "--factor", "period", "--factor", "herd"}, c.flags...)
		var out, stderr bytes.Buffer
		if code := run(append(args, herds, "cbpp"), nil, &out, &stderr); code != exitDone {
			t.Fatalf("%v: exit %d: %s", c.flags, code, stderr.String())
		}
		for _, want := range []string{c.says, " z\n"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: %q is not in\n%s", c.flags, want, out.String())
			}
		}
		if strings.Contains(out.String(), "Residual") || strings.Contains(out.String(), "NaN") {
			t.Errorf("%v:\n%s", c.flags, out.String())
		}
		out.Reset()
		if code := run(append(append(args, "--json"), herds, "cbpp"), nil, &out, &stderr); code != exitDone {
			t.Fatal(stderr.String())
		}
		var m struct {
			Criterion float64
			NAGQ      int `json:"nAGQ"`
		}
		if err := json.Unmarshal(out.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		if math.Abs(m.Criterion-c.criterion) > 1e-3 || m.NAGQ != c.nodes {
			t.Errorf("%v: criterion %g, %d nodes; want %g, %d", c.flags, m.Criterion, m.NAGQ, c.criterion, c.nodes)
		}
	}
}

func TestFamilyMistakes(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"fit", "--family", "binomail", herds, "cbpp"}, exitError, `Did you mean "binomial"`},
		{[]string{"fit", "--family", "binomial", "--agq", "many", herds, "cbpp"}, exitUsage, "number of nodes"},
		{[]string{"fit", "--family", "binomial", "--ddf", "satterthwaite", herds, "cbpp"}, exitError, "not computed for the binomial family"},
		{[]string{"fit", "--link", "log", herds, "cbpp"}, exitError, "belongs to a family"},
	} {
		var out, stderr bytes.Buffer
		if code := run(c.args, nil, &out, &stderr); code != c.code || !strings.Contains(stderr.String(), c.says) {
			t.Errorf("%q: exit %d, %q; want %d, %q", c.args, code, stderr.String(), c.code, c.says)
		}
	}
}
