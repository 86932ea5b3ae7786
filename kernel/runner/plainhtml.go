package runner

import (
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// plainTag is a tag that a text may have: one that folds, raises, lowers or
// breaks, without attributes.
var plainTag = regexp.MustCompile(`(?i)^</?(?:details|summary|sup|sub|br)\s*/?>`)

// plainHTML keeps the plain tags of HTML that a person wrote, and the text between
// them. All other tags are left out.
func plainHTML(src string) string {
	var b strings.Builder
	for src != "" {
		at := strings.IndexByte(src, '<')
		if at < 0 {
			at = len(src)
		}
		b.WriteString(html.EscapeString(html.UnescapeString(src[:at])))
		if src = src[at:]; src == "" {
			break
		}
		if tag := plainTag.FindString(src); tag != "" {
			b.WriteString(strings.ToLower(tag))
			src = src[len(tag):]
			continue
		}
		end := strings.IndexByte(src, '>')
		if end < 0 {
			break
		}
		src = src[end+1:]
	}
	return b.String()
}

// folds tells a block of HTML that begins with a plain tag, in which what stands
// between tags is text. Of another nothing is kept.
func folds(src string) bool { return plainTag.MatchString(strings.TrimSpace(src)) }

func renderHTMLBlock(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.HTMLBlock)
	text := string(n.Lines().Value(src))
	if n.HasClosure() {
		text += string(n.ClosureLine.Value(src))
	}
	if folds(text) {
		w.WriteString(plainHTML(text))
	}
	return ast.WalkContinue, nil
}

func renderRawHTML(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.WriteString(plainHTML(string(node.(*ast.RawHTML).Segments.Value(src))))
	}
	return ast.WalkSkipChildren, nil
}
