package runner

import (
	"regexp"
	"strings"
	"testing"
)

func TestSanitize(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"plain text":        {"a < b & c &lt; d", "a &lt; b & c &lt; d"},
		"a table":           {`<table class="x"><tr><td>1</td></tr></table>`, `<table class="x"><tr><td>1</td></tr></table>`},
		"script":            {"a<script>alert('</b>')</script>b", "ab"},
		"script, capitals":  {"a<SCRIPT src=x>alert(1)</ScRiPt >b", "ab"},
		"script, unclosed":  {"a<script>alert(1)", "a"},
		"script in svg":     {"<svg><script>alert(1)</script></svg>", "<svg></svg>"},
		"handler":           {`<p onclick="x()" ONLOAD=y>t</p>`, "<p>t</p>"},
		"handler, slashes":  {`<img/onerror=alert(1)/src=data:image/png;base64,AA>`, `<img>`},
		"remote image":      {`<img src="http://a/b.png" srcset="http://a/c.png" alt="b">`, `<img alt="b">`},
		"own image":         {`<img src="data:image/png;base64,AA==">`, `<img src="data:image/png;base64,AA==">`},
		"javascript link":   {`<a href="java&#10;script:alert(1)">x</a><a href=" javascript:alert(1)">y</a>`, "<a>x</a><a>y</a>"},
		"data link":         {`<a href="data:text/html,x">x</a>`, "<a>x</a>"},
		"links":             {`<a href="https://a/?b=1&amp;c=2">x</a><a href="#s">y</a>`, `<a href="https://a/?b=1&amp;c=2">x</a><a href="#s">y</a>`},
		"svg use":           {`<svg><use href="http://a/b.svg#x"/><use xlink:href="#g"/></svg>`, `<svg><use/><use xlink:href="#g"/></svg>`},
		"svg title":         {"<svg><title>tip</title></svg><title>page</title>", "<svg><title>tip</title></svg>"},
		"frame and object":  {`<iframe src="x">i</iframe><object data="y">o</object><embed src=z>e`, "e"},
		"form":              {`<form action="http://a"><input name=x><b>t</b></form>`, "<b>t</b>"},
		"head things":       {`<html><head><base href="http://a"><meta http-equiv=refresh content=0><link rel=stylesheet href=x></head><body>t</body></html>`, "t"},
		"comment":           {"a<!-- <script> -->b<!-- open", "ab"},
		"left open":         {"<div><b>x", "<div><b>x</b></div>"},
		"closes too much":   {"</div></main>x</b>", "x"},
		"crossed":           {"<b><i>x</b>y</i>", "<b><i>x</b>y"},
		"tag cut off":       {`a<b class="x`, "a"},
		"style":             {"<style>.a>b{color:red}</style>", "<style>.a>b{color:red}</style>"},
		"style with files":  {`<style>@import "http://a/x.css";p{background:url(http://a/b)}q{mask:url("#m")}</style>`, `<style>p{background:none}q{mask:url("#m")}</style>`},
		"style, unclosed":   {"<style>p{}<b>", `<style>p{}\3c b></style>`},
		"style attribute":   {`<p style="color:red;background:url('http://a/b')">x</p>`, `<p style="color:red;background:none">x</p>`},
		"fill":              {`<svg><rect fill="url(#g)" mask="url(http://a)"/></svg>`, `<svg><rect fill="url(#g)" mask="none"/></svg>`},
		"quotes in a value": {`<p title='a"b<c'>x</p>`, `<p title="a&#34;b&lt;c">x</p>`},
		"animation":         {`<svg><a><animate attributeName=href values="javascript:x"/></a></svg>`, "<svg><a></a></svg>"},
	} {
		if got := sanitize(tc.in); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tc.want)
		}
	}
}

// The style element of SVG is no raw text: what looks like style to one parser is a
// tag to the other.
func TestSanitizeStyleInSVG(t *testing.T) {
	got := sanitize(`<svg><style><img src=x onerror=alert(1)></style></svg>`)
	if strings.Contains(got, "<img") {
		t.Error(got)
	}
}

var dangerous = regexp.MustCompile(`(?i)<(script|iframe|object|embed|base|meta|link|form)\b|<[a-z][^>"]*\son[a-z]+=`)

func FuzzSanitize(f *testing.F) {
	for _, s := range []string{"<svg><script>x</script>", "<a href='javascript:x'>", "<b <script>>", "<style><p onload=x>",
		`<img src="a" onerror="b">`, "<<script>script>", "</a/onload=x>", "<p\x00onload=x>", "<a href=x\tonload=y>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		out := sanitize(src)
		if bad := dangerous.FindString(out); bad != "" {
			t.Fatalf("%q became %q, which has %q", src, out, bad)
		}
		if again := sanitize(out); again != out {
			t.Fatalf("%q became %q and then %q", src, out, again)
		}
	})
}
