package cell

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/nearest"
)

var (
	notPointer   = regexp.MustCompile(`^cannot use .*\(value of struct type (\S+)\) as \*(\S+) value`)
	lazyGiven    = regexp.MustCompile(`^cannot use (.+) \((?:variable|value) of type \*nb\.(?:Model|Table|Value\[.*\])\) as (\S+) value(?: in argument to (?:infer|diagnose)\.(\w+))?`)
	textGiven    = regexp.MustCompile(`^cannot use .* \(untyped string constant\) as (\S+) value`)
	unknownField = regexp.MustCompile(`^unknown field (\w+) in struct literal of type (\S+)$`)
	noMember     = regexp.MustCompile(`^(.+)\.(\w+) undefined \(type \*?(\S+) has no field or method`)
	notSatisfied = regexp.MustCompile(`^(?:type )?(\S+)(?: of .*)? does not satisfy nb\.(Frame|Fitted)\b`)
	nilGiven     = regexp.MustCompile(`^in call to nb\.\w+, cannot infer ([FM])\b`)
	twoKinds     = regexp.MustCompile(`^in call to nb\.\w+, type \S+ of .* does not match inferred type \*(?:nb|lmm)\.Model`)
)

// hintType adds what a message of the compiler about types or members means where
// nb, lmm or infer are meant; ok tells whether there was something to say.
func (c *Cell) hintType(add func(string, ...any), m *message) (ok bool) {
	s, msg := c.session, m.lines[0]
	if g := notPointer.FindStringSubmatch(msg); g != nil && g[1] == g[2] {
		add("Options are given with & before them: `&%s{...}`", g[1])
		return true
	}
	if g := lazyGiven.FindStringSubmatch(msg); g != nil {
		c.hintLazy(add, g[1], g[2], g[3])
		return true
	}
	if g := textGiven.FindStringSubmatch(msg); g != nil {
		if names := s.constants(s.typeNamed(g[1])); len(names) > 0 {
			add("The values of %s: %s.", g[1], strings.Join(names, ", "))
			return true
		}
	}
	if g := unknownField.FindStringSubmatch(msg); g != nil {
		return c.hintField(add, g[1], g[2])
	}
	if g := noMember.FindStringSubmatch(msg); g != nil {
		return c.hintMember(add, g[1], g[2], g[3])
	}
	if g := notSatisfied.FindStringSubmatch(msg); g != nil {
		wanted(add, m, strings.ReplaceAll(strings.ReplaceAll(g[1], modulePath+"/kernel/", ""), modulePath+"/lmm/", ""), g[2] == "Fitted")
		return true
	}
	if g := nilGiven.FindStringSubmatch(msg); g != nil {
		wanted(add, m, "nil", g[1] == "M")
		return true
	}
	if twoKinds.MatchString(msg) {
		add("All models must be of a kind: what nb.Fit returns, or what `.Get()` of each does.")
		return true
	}
	return false
}

// wanted says that a value stands where a table or a model belongs.
func wanted(add func(string, ...any), m *message, value string, model bool) {
	what, how := "a table", "`nb.Data(\"sleepstudy\")`, or with the path of a file"
	if model {
		what, how = "a model", "what nb.Fit returns"
	}
	m.lines = []string{"here stands " + value + " where " + what + " is wanted"}
	add("%s is %s.", strings.ToUpper(what[:1])+what[1:], how)
}

// hintLazy says how the value itself is had, and which verb of nb takes the other.
func (c *Cell) hintLazy(add func(string, ...any), value, wanted, verb string) {
	if verb == "Run" {
		verb = "Diagnose"
	}
	if verb != "" && slices.Contains(c.session.exports("nb"), verb) {
		add("nb.%s takes it as it is; %s itself is `%s.Get()`.", verb, wanted, value)
		return
	}
	add("It is computed at its first use; %s itself is `%s.Get()`.", wanted, value)
}

// hintField names the fields of a struct.
func (c *Cell) hintField(add func(string, ...any), name, of string) bool {
	s := c.session
	t := s.typeNamed(of)
	p := s.library.pkg(t.pkg)
	if p == nil || len(p.fields[t.name]) == 0 {
		return false
	}
	if of == "lmm.Options" && strings.EqualFold(name, "REML") {
		add("REML is the default; `ML: true` asks for maximum likelihood.")
		return true
	}
	var names []string
	for _, f := range p.fields[t.name] {
		names = append(names, f.name)
	}
	hint := fmt.Sprintf("The fields of %s: %s.", of, strings.Join(names, ", "))
	if near := nearest.Name(name, names); near != "" {
		hint = fmt.Sprintf("Did you mean %s? %s", near, hint)
	}
	add("%s", hint)
	return true
}

// hintMember says what comes near a method or a field that a type does not have.
func (c *Cell) hintMember(add func(string, ...any), value, name, of string) bool {
	s := c.session
	t := s.typeNamed(of)
	names, _ := s.library.members(t)
	if len(names) == 0 {
		return false
	}
	if inner := s.library.member(t, "Get"); inner.name != "" {
		members, _ := s.library.members(inner)
		if slices.Contains(members, name) {
			add("It is computed at its first use, and has that then: `%s.Get().%s`", value, name)
			return true
		}
		if near := nearest.Name(name, members); near != "" && !slices.Contains(names, near) {
			add("Did you mean `%s.Get().%s`?", value, near)
			return true
		}
	}
	if word, ok := ofOthers(name); ok {
		add("In golmm: %s", word)
		return true
	}
	if near := nearest.Name(name, names); near != "" {
		add("Did you mean %s?", near)
		return true
	}
	return false
}

// typeNamed reads the name of a type as the compiler writes it, nb.Model or
// nb.Value[*infer.ProfileResult]; the zero goType for others.
func (s *Session) typeNamed(name string) goType {
	name = strings.TrimLeft(name, "*")
	outer, inner, generic := strings.Cut(name, "[")
	pkg, base, ok := strings.Cut(outer, ".")
	if !ok || s.imports[pkg] == "" {
		return goType{}
	}
	t := goType{pkg: s.imports[pkg], name: base}
	if generic {
		inner = strings.TrimSuffix(inner, "]")
		list := strings.HasPrefix(inner, "[]")
		arg := s.typeNamed(strings.TrimPrefix(inner, "[]"))
		arg.list = list
		t.arg = &arg
	}
	return t
}
