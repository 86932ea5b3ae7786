package mathml

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// body returns the MathML between the element semantics and the annotation.
func body(t *testing.T, tex string, display bool) string {
	t.Helper()
	out, err := Convert(tex, display)
	if err != nil {
		t.Errorf("%s: %v", tex, err)
		return ""
	}
	wellFormed(t, tex, out)
	_, rest, _ := strings.Cut(out, "<semantics>")
	inner, _, _ := strings.Cut(rest, "<annotation")
	return inner
}

func wellFormed(t *testing.T, tex, out string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(out))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%q: %v in\n%s", tex, err, out)
		}
	}
}

func TestConvert(t *testing.T) {
	for _, c := range []struct{ tex, want string }{
		{`x`, `<mrow><mi>x</mi></mrow>`},
		{`y_{ij}`, `<mrow><msub><mi>y</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub></mrow>`},
		{`x^2_i`, `<mrow><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></mrow>`},
		{`x^10`, `<mrow><msup><mi>x</mi><mn>1</mn></msup><mn>0</mn></mrow>`},
		{`b''`, `<mrow><msup><mi>b</mi><mo>′′</mo></msup></mrow>`},
		{`\frac12`, `<mrow><mfrac><mn>1</mn><mn>2</mn></mfrac></mrow>`},
		{`0.05`, `<mrow><mn>0.05</mn></mrow>`},
		{`\mathbf{X}\boldsymbol\beta`, `<mrow><mi>𝐗</mi><mi>𝜷</mi></mrow>`},
		{`\mathbf{\Sigma}`, `<mrow><mi>𝚺</mi></mrow>`},
		{`\Sigma`, `<mrow><mi mathvariant="normal">Σ</mi></mrow>`},
		{`\mathcal{N}\mathbb{R}\mathbb E`, `<mrow><mi>𝒩</mi><mi>ℝ</mi><mi>𝔼</mi></mrow>`},
		{`\mathrm{Var}(b)`, `<mrow><mi>Var</mi><mo stretchy="false">(</mo><mi>b</mi><mo stretchy="false">)</mo></mrow>`},
		{`{\rm d}x`, `<mrow><mi mathvariant="normal">d</mi><mi>x</mi></mrow>`},
		{`2\log L`, `<mrow><mn>2</mn><mspace width="0.167em"></mspace><mi>log</mi><mspace width="0.167em"></mspace><mi>L</mi></mrow>`},
		{`\log(x)`, `<mrow><mi>log</mi><mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo></mrow>`},
		{`\operatorname{logit}p`, `<mrow><mi>logit</mi><mspace width="0.167em"></mspace><mi>p</mi></mrow>`},
		{`\hat\theta`, `<mrow><mover accent="true"><mi>θ</mi><mo stretchy="false">^</mo></mover></mrow>`},
		{`a < b \& c`, `<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi><mi mathvariant="normal">&amp;</mi><mi>c</mi></mrow>`},
		{`\text{if } x`, "<mrow><mtext>if\u00a0</mtext><mi>x</mi></mrow>"},
		{`\text{<script>}`, `<mrow><mtext>&lt;script&gt;</mtext></mrow>`},
		{`\not=`, "<mrow><mo>=\u0338</mo></mrow>"},
		{`\sqrt[3]{2}`, `<mrow><mroot><mn>2</mn><mn>3</mn></mroot></mrow>`},
		{`\left. x \right|_0`, `<mrow><msub><mrow><mi>x</mi><mo stretchy="true" symmetric="true" lspace="0" rspace="0">|</mo></mrow><mn>0</mn></msub></mrow>`},
		{`\{-x\}`, `<mrow><mo stretchy="false">{</mo><mo form="prefix" lspace="0" rspace="0">−</mo><mi>x</mi><mo stretchy="false">}</mo></mrow>`},
		{`a - b`, `<mrow><mi>a</mi><mo>−</mo><mi>b</mi></mrow>`},
		{`\overline{xy}`, `<mrow><mrow style="border-top:1px solid;padding-top:1px"><mrow><mi>x</mi><mi>y</mi></mrow></mrow></mrow>`},
		{`a % what follows is a comment`, `<mrow><mi>a</mi></mrow>`},
	} {
		if got := body(t, c.tex, false); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.tex, got, c.want)
		}
	}
	// In a display limits stand above and below, in a line behind.
	const sum = `\sum_{i=1}^n x`
	if got := body(t, sum, true); !strings.HasPrefix(got, "<mrow><munderover><mo>∑</mo>") {
		t.Errorf("%s in a display: %s", sum, got)
	}
	if got := body(t, sum, false); !strings.HasPrefix(got, "<mrow><msubsup><mo>∑</mo>") {
		t.Errorf("%s in a line: %s", sum, got)
	}
}

func TestTables(t *testing.T) {
	got := body(t, `\begin{pmatrix} a & b \\ c & d \\ \end{pmatrix}`, true)
	if strings.Count(got, "<mtr>") != 2 || strings.Count(got, "<mtd>") != 4 || !strings.Contains(got, `symmetric="true">(</mo><mtable>`) {
		t.Errorf("a matrix: %s", got)
	}
	got = body(t, `\begin{align*} y &= X\beta \\[2pt] &\quad + Zb \end{align*}`, true)
	if strings.Count(got, "<mtr>") != 2 || strings.Count(got, "text-align:right") != 2 || strings.Contains(got, "[") {
		t.Errorf("an alignment: %s", got)
	}
	got = body(t, `a \\ b`, true)
	if strings.Count(got, "<mtr>") != 2 {
		t.Errorf("two lines: %s", got)
	}
	got = body(t, `\begin{equation} x \end{equation}`, true)
	if strings.Contains(got, "mtable") {
		t.Errorf("an equation: %s", got)
	}
}

// What is not known or not well formed is an error at its place.
func TestErrors(t *testing.T) {
	for _, c := range []struct {
		tex  string
		off  int
		says string
	}{
		{`x + \foo{y}`, 4, `\foo is not known`},
		{`\frac{1`, 5, "not closed"},
		{`a}b`, 1, "closes nothing"},
		{`x^`, 1, "lacks"},
		{`x^a^b`, 3, "two superscripts"},
		{`\left( x`, 0, `\right`},
		{`\begin{matrix} a`, 0, "not closed"},
		{`\begin{matrix} a \end{array}`, 17, "closes"},
		{`\begin{tikzpicture}`, 0, "not known"},
		{`\text{a $b$}`, 0, "dollars"},
		{`\def\x{\x}\x`, 0, "not known"},
		{`\`, 0, "end of the formula"},
		{strings.Repeat("{", 10000), 100, "deeply"},
		{strings.Repeat(`\hat`, 10000), 396, "deeply"},
		{strings.Repeat("x", 1<<17), 1 << 16, "too long"},
		{"\xff", 0, "UTF-8"},
		{"a\x00b", 1, "control"},
	} {
		_, err := Convert(c.tex, true)
		var se *SyntaxError
		if !errors.As(err, &se) || !strings.Contains(se.Msg, c.says) {
			t.Errorf("%.40q: error %v, want %q", c.tex, err, c.says)
		} else if se.Off != c.off {
			t.Errorf("%.40q: the error is at byte %d, want %d", c.tex, se.Off, c.off)
		}
	}
}

// Whatever is given, the result is well formed and holds no element or attribute that
// is not of this package, or there is an error.
func FuzzConvert(f *testing.F) {
	for _, s := range []string{
		`y_{ij} = \beta_0 + b_{0i} + (\beta_1 + b_{1i}) x_{ij} + \varepsilon_{ij}`,
		`\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise}\end{cases}`, `\left\{ \middle| \right.`, `\sqrt[n]{x}`, `{}_2F_1''^a`,
		`\textbf{<b onclick="x">}`, `\operatorname*{arg\,max}_x`, `\big( \overbrace{a}^n \not\in \mathfrak{C}`, "\\\xff%\n&",
	} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, tex string, display bool) {
		out, err := Convert(tex, display)
		if err != nil {
			return
		}
		wellFormed(t, tex, out)
		again, _ := Convert(tex, display)
		if again != out {
			t.Errorf("%q: another result", tex)
		}
	})
}
