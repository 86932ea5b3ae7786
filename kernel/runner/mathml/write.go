package mathml

import "strings"

// node is an element of MathML.
type node struct {
	name  string
	attrs string // with a blank before each
	text  string // of a leaf
	kids  []*node

	limits   bool // scripts go above and below it
	function bool // a name such as log, set off from what it is applied to
	opens    bool // an opening bracket
	relates  bool // an operator or a relation, which brings its own space
}

func leaf(name, text string) *node { return &node{name: name, text: text} }

func element(name string, kids ...*node) *node { return &node{name: name, kids: kids} }

func (n *node) with(attrs string) *node {
	n.attrs += " " + attrs
	return n
}

// row is one node for a list of them.
func row(list []*node) *node {
	if len(list) == 1 {
		return list[0]
	}
	return element("mrow", spaced(list)...)
}

const thin = "0.167em"

func space(width string) *node { return (&node{name: "mspace"}).with(`width="` + width + `"`) }

// spaced sets names of functions off by a thin space, as TeX does: from what is before
// them and from what they are applied to, if that is not in brackets.
func spaced(list []*node) []*node {
	var out []*node
	for i, n := range list {
		if n.name == "mo" && strings.Contains("−+±∓", n.text) && (i == 0 || list[i-1].opens || list[i-1].relates || list[i-1].name == "mspace") {
			n.with(`form="prefix"` + tightly) // a sign
		}
		if n.function && i > 0 && !list[i-1].opens && !list[i-1].relates && list[i-1].name != "mspace" {
			out = append(out, space(thin))
		}
		out = append(out, n)
		if n.function && i+1 < len(list) {
			if next := list[i+1]; !next.opens && !next.relates && !next.function && next.name != "mspace" {
				out = append(out, space(thin))
			}
		}
	}
	return out
}

// escape writes text for the content of an element.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

func (n *node) write(b *strings.Builder) {
	b.WriteString("<" + n.name + n.attrs + ">")
	b.WriteString(escape(n.text))
	for _, k := range n.kids {
		k.write(b)
	}
	b.WriteString("</" + n.name + ">")
}
