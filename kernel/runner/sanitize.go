package runner

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// sanitize returns the HTML of an output without what runs or loads anything:
// scripts, event handlers, frames, forms, remote files. What is left open is closed,
// what closes nothing is dropped, so an output cannot break out of its place.
//
// The page's content security policy forbids the same to the browser. The two are
// independent, and either alone would do in an honest notebook.
func sanitize(src string) string {
	s := sanitizer{rest: src}
	for s.rest != "" {
		s.next()
	}
	for _, name := range slices.Backward(s.open) {
		s.out.WriteString("</" + name + ">")
	}
	return s.out.String()
}

type sanitizer struct {
	rest string
	out  strings.Builder
	open []string // elements that are open, as they were written
}

var (
	// droppedWhole are elements that go with all that is in them.
	droppedWhole = regexp.MustCompile(`^(?:script|iframe|object|applet|frameset|noscript|noembed|noframes|template|textarea|xmp|plaintext|audio|video|canvas)$`)
	// droppedTags are elements whose content stays.
	droppedTags = regexp.MustCompile(`^(?:html|head|body|meta|base|link|embed|frame|form|input|button|select|option|animate|animatetransform|animatemotion|set|portal|source|track|param)$`)
	// voidElements have no content and no end.
	voidElements = regexp.MustCompile(`^(?:area|br|col|hr|img|wbr)$`)
	tagName      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9:_-]*`)
)

// next takes one piece of text, comment or tag from the rest.
func (s *sanitizer) next() {
	at := strings.IndexByte(s.rest, '<')
	if at != 0 {
		if at < 0 {
			at = len(s.rest)
		}
		s.out.WriteString(s.rest[:at])
		s.rest = s.rest[at:]
		return
	}
	switch {
	case strings.HasPrefix(s.rest, "<!--"):
		s.skipPast("-->")
	case strings.HasPrefix(s.rest, "<!"), strings.HasPrefix(s.rest, "<?"):
		s.skipPast(">")
	case strings.HasPrefix(s.rest, "</") && tagName.MatchString(s.rest[2:]):
		name := tagName.FindString(s.rest[2:])
		s.skipPast(">")
		s.closeTag(name)
	case strings.HasPrefix(s.rest, "</"):
		s.skipPast(">") // what browsers take for a comment
	case tagName.MatchString(s.rest[1:]):
		s.startTag()
	default:
		s.out.WriteString("&lt;")
		s.rest = s.rest[1:]
	}
}

// skipPast drops the rest up to and with mark, or all of it.
func (s *sanitizer) skipPast(mark string) {
	_, s.rest, _ = strings.Cut(s.rest, mark)
}

func (s *sanitizer) closeTag(name string) {
	i := len(s.open) - 1
	for i >= 0 && !strings.EqualFold(s.open[i], name) {
		i--
	}
	if i < 0 {
		return
	}
	s.out.WriteString("</" + s.open[i] + ">")
	s.open = s.open[:i]
}

func (s *sanitizer) startTag() {
	name := tagName.FindString(s.rest[1:])
	lower := strings.ToLower(name)
	attrs, selfClosing, rest, ok := scanAttributes(s.rest[1+len(name):])
	s.rest = rest
	if !ok {
		return // the tag is cut off
	}
	inSVG := slices.ContainsFunc(s.open, func(n string) bool { return strings.EqualFold(n, "svg") })
	switch {
	case droppedTags.MatchString(lower):
		return
	case droppedWhole.MatchString(lower), lower == "title" && !inSVG:
		s.skipElement(lower)
		return
	}
	s.out.WriteString("<" + name)
	for _, a := range attrs {
		if value, ok := cleanAttribute(lower, a); ok {
			s.out.WriteString(" " + a.name + `="` + html.EscapeString(value) + `"`)
		}
	}
	switch {
	case voidElements.MatchString(lower):
		s.out.WriteString(">")
	case selfClosing && inSVG:
		s.out.WriteString("/>")
	case lower == "style":
		end := indexFold(s.rest, "</style")
		s.out.WriteString(">" + cleanCSS(s.rest[:end]) + "</" + name + ">")
		s.rest = s.rest[end:]
		s.skipPast(">")
	default:
		s.out.WriteString(">")
		s.open = append(s.open, name)
	}
}

// skipElement drops the rest up to the end of the element called name.
func (s *sanitizer) skipElement(name string) {
	s.rest = s.rest[indexFold(s.rest, "</"+name):]
	s.skipPast(">")
}

// indexFold returns where mark, in lower case ASCII, is in s, or the length of s.
func indexFold(s, mark string) int {
	for i := 0; i+len(mark) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(mark)], mark) {
			return i
		}
	}
	return len(s)
}
