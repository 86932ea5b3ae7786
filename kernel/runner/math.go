package runner

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/golmm/golmm/kernel/runner/mathml"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Mathematics is kept from Markdown, to which a_i * b_i is emphasis, and written as
// MathML. What package mathml does not know is shown as it was typed.

var (
	kindMath      = ast.NewNodeKind("Math")
	kindMathBlock = ast.NewNodeKind("MathBlock")
)

// mathNode is $...$ or $$...$$ within a line of text.
type mathNode struct {
	ast.BaseInline
	tex     string
	display bool
}

// Kind implements ast.Node.
func (n *mathNode) Kind() ast.NodeKind { return kindMath }

// Dump implements ast.Node.
func (n *mathNode) Dump(src []byte, level int) {
	ast.DumpHelper(n, src, level, map[string]string{"tex": n.tex}, nil)
}

// mathBlock is a paragraph of mathematics: $$ to $$ or \begin{x} to \end{x}.
type mathBlock struct {
	ast.BaseBlock
	end    string // what closes it
	closed bool
}

// Kind implements ast.Node.
func (n *mathBlock) Kind() ast.NodeKind { return kindMathBlock }

// Dump implements ast.Node.
func (n *mathBlock) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

// IsRaw implements ast.Node: there is no Markdown in it.
func (n *mathBlock) IsRaw() bool { return true }

// mathParser finds $...$ and $$...$$ in text, by Pandoc's rule: after the opening $
// and before the closing one is no blank, and no digit follows, so that amounts of
// money stay what they are.
type mathParser struct{}

// Trigger implements parser.InlineParser.
func (mathParser) Trigger() []byte { return []byte{'$'} }

// Parse implements parser.InlineParser.
func (mathParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	lineNo, start := block.Position()
	line, _ := block.PeekLine()
	mark := "$"
	if bytes.HasPrefix(line, []byte("$$")) {
		mark = "$$"
	}
	if mark == "$" && (len(line) < 2 || util.IsSpace(line[1])) {
		return nil
	}
	block.Advance(len(mark))
	var tex strings.Builder
	for {
		line, _ := block.PeekLine()
		if line == nil {
			block.SetPosition(lineNo, start)
			return nil
		}
		if end := closing(line, mark); end >= 0 {
			tex.Write(line[:end])
			block.Advance(end + len(mark))
			return &mathNode{tex: strings.TrimSpace(tex.String()), display: mark == "$$"}
		}
		tex.Write(line)
		block.AdvanceLine()
	}
}

// closing returns where in line the closing mark is, or -1.
func closing(line []byte, mark string) int {
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\':
			i++
		case !bytes.HasPrefix(line[i:], []byte(mark)):
		case mark == "$$":
			return i
		case i > 0 && !util.IsSpace(line[i-1]) && (i+1 == len(line) || line[i+1] < '0' || line[i+1] > '9'):
			return i
		}
	}
	return -1
}

// mathBlockParser finds paragraphs of mathematics before Markdown sees headings and
// lists in them.
type mathBlockParser struct{}

var beginEnvironment = regexp.MustCompile(`^\\begin\{([A-Za-z]+\*?)\}`)

// Trigger implements parser.BlockParser.
func (mathBlockParser) Trigger() []byte { return []byte{'$', '\\'} }

// Open implements parser.BlockParser.
func (mathBlockParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	rest := bytes.TrimRight(line[pos:], " \t\r\n")
	n := &mathBlock{}
	var inner []byte
	if m := beginEnvironment.FindSubmatch(rest); m != nil {
		n.end = `\end{` + string(m[1]) + "}"
		inner = rest[len(m[0]):]
	} else if bytes.HasPrefix(rest, []byte("$$")) {
		n.end = "$$"
		inner = rest[2:]
	} else {
		return nil, parser.NoChildren
	}
	switch i := bytes.Index(inner, []byte(n.end)); {
	case i >= 0 && i+len(n.end) < len(inner):
		return nil, parser.NoChildren // text goes on after it
	case i >= 0:
		n.closed = true
	}
	n.Lines().Append(segment.WithStart(segment.Start + pos - segment.Padding))
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

// Continue implements parser.BlockParser. A blank line ends a block that was not
// closed.
func (mathBlockParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n := node.(*mathBlock)
	line, segment := reader.PeekLine()
	if n.closed || util.IsBlank(line) {
		return parser.Close
	}
	n.closed = bytes.Contains(line, []byte(n.end))
	n.Lines().Append(segment)
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

// Close implements parser.BlockParser.
func (mathBlockParser) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph implements parser.BlockParser.
func (mathBlockParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (mathBlockParser) CanAcceptIndentedLine() bool { return false }

func renderMath(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		n := node.(*mathNode)
		writeMath(w, n.tex, n.display, `<code class="nb-math">%s</code>`)
	}
	return ast.WalkSkipChildren, nil
}

func renderMathBlock(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	tex := strings.TrimSpace(string(node.Lines().Value(src)))
	tex = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(tex, "$$"), "$$"))
	writeMath(w, tex, true, "<pre class=\"nb-math\">%s</pre>")
	w.WriteByte('\n')
	return ast.WalkSkipChildren, nil
}

// writeMath writes MathML, or the source in the form asTyped.
func writeMath(w util.BufWriter, tex string, display bool, asTyped string) {
	if ml, err := mathml.Convert(tex, display); err == nil && tex != "" {
		w.WriteString(ml)
		return
	}
	fmt.Fprintf(w, asTyped, html.EscapeString(tex))
}
