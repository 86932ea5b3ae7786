package runner

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdownHTML returns the HTML of a Markdown cell (GitHub's dialect and mathematics).
// Of HTML written in the cell the plain tags stay (see plainTag), so that solutions can
// be folded; all other is left out, and so are links that run a script.
func markdownHTML(source string, ids *headingIDs, attachments map[string]map[string]string) string {
	md := goldmark.New(
		goldmark.WithExtensions(extension.GFM),
		goldmark.WithParserOptions(
			parser.WithAutoHeadingID(),
			parser.WithBlockParsers(util.Prioritized(mathBlockParser{}, 50)),
			parser.WithInlineParsers(util.Prioritized(mathParser{}, 150)),
		),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(
			util.Prioritized(nodeRenderer{attachments: attachments}, 100),
		)),
	)
	src := []byte(source)
	doc := md.Parser().Parse(text.NewReader(src), parser.WithContext(parser.NewContext(parser.WithIDs(ids))))
	ids.note(doc, src)
	var b bytes.Buffer
	if err := md.Renderer().Render(&b, src, doc); err != nil {
		// Nothing that renders here returns an error, but text is better than none.
		return "<pre>" + html.EscapeString(source) + "</pre>\n"
	}
	return b.String()
}

// nodeRenderer writes what a page writes otherwise than goldmark.
type nodeRenderer struct{ attachments map[string]map[string]string }

// RegisterFuncs implements renderer.NodeRenderer.
func (r nodeRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindMath, renderMath)
	reg.Register(kindMathBlock, renderMathBlock)
	reg.Register(ast.KindImage, r.image)
	reg.Register(ast.KindFencedCodeBlock, renderCode)
	reg.Register(ast.KindHTMLBlock, renderHTMLBlock)
	reg.Register(ast.KindRawHTML, renderRawHTML)
}

// image writes pictures that lie in the notebook. Another one would have to be loaded:
// it becomes a link.
func (r nodeRenderer) image(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Image)
	alt := plainText(n, src)
	to := string(n.Destination)
	if name, ok := strings.CutPrefix(to, "attachment:"); ok {
		for _, mime := range []string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"} {
			if data, ok := r.attachments[name][mime]; ok {
				to = "data:" + mime + ";base64," + data
				break
			}
		}
	}
	switch {
	case strings.HasPrefix(to, "data:image/"):
		fmt.Fprintf(w, `<img src="%s" alt="%s">`, html.EscapeString(to), html.EscapeString(alt))
	case strings.HasPrefix(to, "https://") || strings.HasPrefix(to, "http://"):
		fmt.Fprintf(w, `<a href="%s">%s</a>`, html.EscapeString(to), html.EscapeString("image: "+cmp.Or(alt, to)))
	default:
		w.WriteString(html.EscapeString("[image: " + cmp.Or(alt, to) + "]"))
	}
	return ast.WalkSkipChildren, nil
}

// renderCode writes fenced code, Go in colours.
func renderCode(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.FencedCodeBlock)
	code := string(n.Lines().Value(src))
	if lang := string(n.Language(src)); lang == "go" || lang == "golang" {
		code = highlight(code)
	} else {
		code = html.EscapeString(code)
	}
	fmt.Fprintf(w, "<pre><code>%s</code></pre>\n", code)
	return ast.WalkSkipChildren, nil
}

// plainText returns the text below a node.
func plainText(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := n.(type) {
			case *ast.Text:
				b.Write(n.Value(src))
				if n.SoftLineBreak() || n.HardLineBreak() {
					b.WriteByte(' ')
				}
			case *ast.String:
				b.Write(n.Value)
			case *mathNode:
				b.WriteString(n.tex)
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// headingIDs makes the ids of a page's headings as Jupyter does, so that links
// between cells work: the text with hyphens for blanks.
type headingIDs struct {
	used  []string
	first string // the text of the first heading
}

func newHeadingIDs() *headingIDs { return new(headingIDs) }

// Generate implements parser.IDs.
func (h *headingIDs) Generate(value []byte, _ ast.NodeKind) []byte {
	base := strings.Join(strings.Fields(string(value)), "-")
	if base == "" {
		base = "section"
	}
	id := base
	for i := 2; slices.Contains(h.used, id); i++ {
		id = fmt.Sprintf("%s-%d", base, i)
	}
	h.used = append(h.used, id)
	return []byte(id)
}

// Put implements parser.IDs.
func (h *headingIDs) Put(value []byte) { h.used = append(h.used, string(value)) }

// note keeps the text of the page's first heading.
func (h *headingIDs) note(doc ast.Node, src []byte) {
	for n := doc.FirstChild(); n != nil && h.first == ""; n = n.NextSibling() {
		if n.Kind() == ast.KindHeading {
			h.first = strings.TrimSpace(plainText(n, src))
		}
	}
}
