package cell

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

var question = regexp.MustCompile(`^\?{0,2}[ \t]*([\pL_][\pL\pN_]*(?:\.[\pL_][\pL\pN_]*)*)?[ \t]*\?{0,2}$`)

// asked returns the name that a cell asks about: nb in ?nb, nb? and nb??, "" in ?
// alone and in help. ok tells whether the cell is a question.
func asked(src string) (name string, ok bool) {
	src = strings.TrimSpace(src)
	if src == "help" || src == "help()" {
		return "", true
	}
	g := question.FindStringSubmatch(src)
	if g == nil || !strings.Contains(src, "?") {
		return "", false
	}
	return g[1], true
}

// Answer answers a cell that is a question, as Markdown: ? alone is about cells,
// nb? about a package, nb.Fit? and ?lmm.Options about what it has, m? about the
// type of a variable. It is "" for other cells.
func (s *Session) Answer(src string) string {
	name, ok := asked(src)
	if !ok {
		return ""
	}
	if name == "" || name == "golmm" {
		return helpText
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if text := s.describe(name); text != "" {
		return text
	}
	return fmt.Sprintf("There is no help for `%s`. `?` alone tells how cells are written, `nb?` what they use.\n", name)
}

// Describe is what there is to say about the name at the cursor, as Markdown, ""
// where GoNB should answer.
func (s *Session) Describe(src string, cursor int) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at := byteOffset(src, max(cursor, 0))
	part := func(r rune) bool { return isLetter(r) || r == '.' }
	from := at - len(src[:at][strings.LastIndexFunc(src[:at], func(r rune) bool { return !part(r) })+1:])
	to := at
	if i := strings.IndexFunc(src[at:], func(r rune) bool { return !isLetter(r) }); i >= 0 {
		to += i
	} else {
		to = len(src)
	}
	name := strings.Trim(src[from:to], ".")
	if pkg, _, _ := strings.Cut(name, "."); s.library.pkg(s.imports[pkg]) == nil {
		return ""
	}
	return s.describe(name)
}

// describe documents pkg, pkg.Name, pkg.Type.Method, a variable, or its member.
func (s *Session) describe(name string) string {
	parts := strings.Split(name, ".")
	if s.imports[parts[0]] != "" && s.kept[parts[0]] == nil {
		p := s.imports[parts[0]]
		if s.library.pkg(p) == nil {
			return ""
		}
		if len(parts) == 1 {
			return s.library.overview(p)
		}
		return s.library.documentation(p, strings.Join(parts[1:], "."))
	}
	q := newQuery(name, len(name))
	if q == nil {
		return ""
	}
	t := s.typeOfValue(q, q.toks[:1], 0)
	for _, member := range parts[1:] {
		if text := s.library.memberDocumentation(t, member); text != "" {
			return text
		}
		t = s.library.member(t, member)
	}
	if t.pkg == "" || len(parts) > 1 {
		return ""
	}
	text := fmt.Sprintf("`%s` is a `%s`.\n\n", name, path.Base(t.pkg)+"."+t.name) + s.library.documentation(t.pkg, t.name)
	if members, _ := s.library.members(t); len(members) > 0 {
		text += fmt.Sprintf("\n**It has** %s. `%s.%s?` tells more.\n", "`"+strings.Join(members, "`, `")+"`", name, members[0])
	}
	return text
}

// memberDocumentation documents a method of a type or of what it embeds.
func (l *library) memberDocumentation(t goType, name string) string {
	p := l.pkg(t.pkg)
	if p == nil {
		return ""
	}
	if slices.Contains(p.methods[t.name], name) {
		return l.documentation(t.pkg, t.name+"."+name)
	}
	for _, e := range p.embeds[t.name] {
		if text := l.memberDocumentation(e.in(t), name); text != "" {
			return text
		}
	}
	return ""
}
