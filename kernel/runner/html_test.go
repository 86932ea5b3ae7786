package runner

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func markdown(s string) string { return markdownHTML(s, newHeadingIDs(), nil) }

func TestMarkdown(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"heading":         {"## The data set", "<h2 id=\"The-data-set\">The data set</h2>\n"},
		"table":           {"|a|\n|-|\n|1|", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n</table>\n"},
		"inline math":     {"with $\\x_i * b_i * c_i$ here", "<p>with <code class=\"nb-math\">\\x_i * b_i * c_i</code> here</p>\n"},
		"math and less":   {"$a<b$", "<p><math><semantics><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow><annotation encoding=\"application/x-tex\">a&lt;b</annotation></semantics></math></p>\n"},
		"two formulas":    {"$x$ and $y$", "<p><math><semantics><mrow><mi>x</mi></mrow><annotation encoding=\"application/x-tex\">x</annotation></semantics></math> and <math><semantics><mrow><mi>y</mi></mrow><annotation encoding=\"application/x-tex\">y</annotation></semantics></math></p>\n"},
		"over a line end": {"a $x +\ny$ b", "<p>a <math><semantics><mrow><mi>x</mi><mo>+</mo><mi>y</mi></mrow><annotation encoding=\"application/x-tex\">x +\ny</annotation></semantics></math> b</p>\n"},
		"money":           {"$5 or $6, and $7", "<p>$5 or $6, and $7</p>\n"},
		"escaped dollar":  {`a \$5$ b`, "<p>a $5$ b</p>\n"},
		"display":         {"$$\n= x\n- y\n$$\ntext", "<math display=\"block\"><semantics><mrow><mo>=</mo><mi>x</mi><mo>−</mo><mi>y</mi></mrow><annotation encoding=\"application/x-tex\">= x\n- y</annotation></semantics></math>\n<p>text</p>\n"},
		"display, a line": {"$$x$$", "<math display=\"block\"><semantics><mrow><mi>x</mi></mrow><annotation encoding=\"application/x-tex\">x</annotation></semantics></math>\n"},
		"display in text": {"so $$x_1$$ it is", "<p>so <math display=\"block\"><semantics><mrow><msub><mi>x</mi><mn>1</mn></msub></mrow><annotation encoding=\"application/x-tex\">x_1</annotation></semantics></math> it is</p>\n"},
		"environment":     {"\\begin{align}\n# &= 1\n\\end{align}", "<pre class=\"nb-math\">\\begin{align}\n# &amp;= 1\n\\end{align}</pre>\n"},
		"never closed":    {"$$\nx\n\n# heading", "<math display=\"block\"><semantics><mrow><mi>x</mi></mrow><annotation encoding=\"application/x-tex\">x</annotation></semantics></math>\n<h1 id=\"heading\">heading</h1>\n"},
		"in code":         {"`$x$`", "<p><code>$x$</code></p>\n"},
		"javascript":      {"[x](javascript:alert(1))", "<p><a href=\"\">x</a></p>\n"},
		"remote image":    {"![fig](https://a/b.png)", "<p><a href=\"https://a/b.png\">image: fig</a></p>\n"},
		"local image":     {"![fig *one*](b.png)", "<p>[image: fig one]</p>\n"},
		"folded":          {"<details><summary>Solution <b>1</b></summary>\n\n*x* < y\n\n</details>", "<details><summary>Solution 1</summary>\n<p><em>x</em> &lt; y</p>\n</details>"},
		"raised":          {"s<sup>2</sup> <sup onclick=x>3</sup>", "<p>s<sup>2</sup> 3</sup></p>\n"},
		"folded script":   {"<details>\n<script>a < b</script><img src=x onerror=y>\n</details>", "<details>\na \n</details>"},
		"own image":       {"![f](data:image/png;base64,AA==)", "<p><img src=\"data:image/png;base64,AA==\" alt=\"f\"></p>\n"},
	} {
		if got := markdown(tc.in); got != tc.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, tc.want)
		}
	}
	if got := markdown("a <script>alert(1)</script> <img src=x onerror=y>\n\n<script>\nx\n</script>"); strings.Contains(got, "<script") || strings.Contains(got, "<img") {
		t.Error(got)
	}
}

func TestAttachment(t *testing.T) {
	got := markdownHTML("![f](attachment:a.png)", newHeadingIDs(), map[string]map[string]string{"a.png": {"image/png": "AA=="}})
	if want := "<p><img src=\"data:image/png;base64,AA==\" alt=\"f\"></p>\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHighlight(t *testing.T) {
	for in, want := range map[string]string{
		"x := 1.5 // one":         `x := <span class="n">1.5</span> <span class="c">// one</span>`,
		"func f() { return \"<\"": `<span class="k">func</span> f() { <span class="k">return</span> <span class="s">&#34;&lt;&#34;</span>`,
		"%%\n!ls \"a\nx":          "<span class=\"m\">%%</span>\n<span class=\"m\">!ls &#34;a</span>\nx",
		"%%bash\nfor i in 1":      "<span class=\"m\">%%bash</span>\nfor i in 1",
		"y := 7 % 3\n%noautoget":  "y := <span class=\"n\">7</span> % <span class=\"n\">3</span>\n<span class=\"m\">%noautoget</span>",
		"":                        "",
	} {
		if got := highlight(in); got != want {
			t.Errorf("%q:\n got %s\nwant %s", in, got, want)
		}
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// Whatever the code is, the highlighted text is the code.
func TestHighlightKeepsTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			"\n", "%%", "!ls", "`raw", "\"", "'", "/*", "//", "\r\n", "func ", "0x", " ", "%cmd\n", "\x00", "\ufeff", "}", "\\"}))).Draw(t, "pieces")
		code := strings.Join(pieces, "")
		got := html.UnescapeString(tags.ReplaceAllString(highlight(code), ""))
		// A carriage return or NUL in the text is no matter of ours.
		if want := html.UnescapeString(html.EscapeString(code)); got != want {
			t.Fatalf("%q became %q", code, got)
		}
	})
}

func page1(t *testing.T, outputs string) string {
	t.Helper()
	nb := `{"cells":[{"cell_type":"code","execution_count":1,"metadata":{},"outputs":` + outputs + `,"source":"x"}],"metadata":{},"nbformat":4,"nbformat_minor":5}`
	b, err := HTML([]byte(nb))
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(b), "</code></pre>\n")
	body, _, _ = strings.Cut(body, "</main>")
	return body
}

func TestOutputForms(t *testing.T) {
	show := func(data string) string {
		return `[{"output_type":"display_data","metadata":{},"data":{` + data + `}}]`
	}
	const all = `"text/html":["<b>h</b>\n"],"image/svg+xml":"<svg/>","image/png":"AA==\n","text/markdown":"*m*","text/plain":"p"`
	without := func(keys ...string) string {
		var m map[string]json.RawMessage
		if err := json.Unmarshal([]byte("{"+all+"}"), &m); err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			delete(m, k)
		}
		b, _ := json.Marshal(m)
		return strings.Trim(string(b), "{}")
	}
	for name, tc := range map[string]struct{ in, want string }{
		"html first":   {show(all), "<div class=\"nb-rich\">\n<b>h</b>\n\n</div>\n"},
		"then svg":     {show(without("text/html")), "<p class=\"nb-image\"><img src=\"data:image/svg+xml;base64,PHN2Zy8+\" alt=\"p\"></p>\n"},
		"then png":     {show(without("text/html", "image/svg+xml")), "<p class=\"nb-image\"><img src=\"data:image/png;base64,AA==\" alt=\"p\"></p>\n"},
		"then md":      {show(`"text/markdown":"*m*","text/plain":"p"`), "<section class=\"nb-text\">\n<p><em>m</em></p>\n</section>\n"},
		"then text":    {show(`"application/x":"?","text/plain":"a <b"`), "<pre class=\"nb-out\">a &lt;b</pre>\n"},
		"a bad png":    {show(`"image/png":"\" onerror=x","text/plain":"p"`), "<pre class=\"nb-out\">p</pre>\n"},
		"data a list":  {show(`"text/html":{"a":1}`), ""},
		"stream":       {`[{"output_type":"stream","name":"stdout","text":["\u001b[1;31ma\u001b[0m\n","b\n"]}]`, "<pre class=\"nb-out\">a\nb</pre>\n"},
		"stderr":       {`[{"output_type":"stream","name":"stderr","text":"w"}]`, "<pre class=\"nb-out nb-stderr\">w</pre>\n"},
		"error":        {`[{"output_type":"error","ename":"E","evalue":"v","traceback":["\u001b[0;31mt<\u001b[0m"]}]`, "<pre class=\"nb-out nb-error\">t&lt;</pre>\n"},
		"error, bare":  {`[{"output_type":"error","ename":"E","evalue":"v","traceback":[]}]`, "<pre class=\"nb-out nb-error\">E: v</pre>\n"},
		"unknown kind": {`[{"output_type":"pages"}]`, ""},
	} {
		if got := page1(t, tc.in); got != tc.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, tc.want)
		}
	}
}

func TestPage(t *testing.T) {
	nb := `{"cells":[{"cell_type":"raw","metadata":{},"source":"raw"},
	 {"cell_type":"markdown","metadata":{},"source":["Intro\n","\n","# Sleep & *rest*\n"]},
	 {"cell_type":"markdown","metadata":{},"source":"# Sleep & *rest*"}],"metadata":{},"nbformat":4,"nbformat_minor":5}`
	b, err := HTML([]byte(nb))
	if err != nil {
		t.Fatal(err)
	}
	s := string(b)
	for _, want := range []string{"<title>Sleep &amp; rest</title>", "default-src 'none'", `id="Sleep-&amp;-*rest*"`, `id="Sleep-&amp;-*rest*-2"`} {
		if !strings.Contains(s, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, bad := range []string{"raw", "<script", "http:", "https:", "<link"} {
		if strings.Contains(strings.ReplaceAll(s, "http-equiv", ""), bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	titled := strings.Replace(nb, `"metadata":{},"nbformat"`, `"metadata":{"title":"A <b>"},"nbformat"`, 1)
	if b, err = HTML([]byte(titled)); err != nil || !strings.Contains(string(b), "<title>A &lt;b&gt;</title>") {
		t.Errorf("the title of the metadata is not used: %v", err)
	}
}
