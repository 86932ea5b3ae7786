package runner

import (
	"html"
	"regexp"
	"strings"
	"unicode"
)

// attribute is one of a tag, its value without quotes and entities.
type attribute struct{ name, value string }

// scanAttributes reads attributes up to the end of a tag. ok is false if the tag does
// not end; rest is then empty. Source: the HTML standard, 13.2.5.32 to 13.2.5.40.
func scanAttributes(s string) (attrs []attribute, selfClosing bool, rest string, ok bool) {
	const blank = " \t\n\f\r"
	for {
		s = strings.TrimLeft(s, blank)
		switch {
		case s == "":
			return nil, false, "", false
		case s[0] == '>':
			return attrs, selfClosing, s[1:], true
		case s[0] == '/':
			selfClosing = strings.HasPrefix(s, "/>")
			s = s[1:]
			continue
		}
		// A name may begin with =, else it ends there.
		end := strings.IndexAny(s[1:], blank+"/>=") + 1
		if end == 0 {
			return nil, false, "", false
		}
		a := attribute{name: s[:end]}
		s = strings.TrimLeft(s[end:], blank)
		if strings.HasPrefix(s, "=") {
			s = strings.TrimLeft(s[1:], blank)
			var raw string
			if s != "" && (s[0] == '"' || s[0] == '\'') {
				var closed bool
				raw, s, closed = strings.Cut(s[1:], s[:1])
				if !closed {
					return nil, false, "", false
				}
			} else {
				n := strings.IndexAny(s, blank+">")
				if n < 0 {
					return nil, false, "", false
				}
				raw, s = s[:n], s[n:]
			}
			a.value = html.UnescapeString(raw)
		}
		attrs = append(attrs, a)
	}
}

var (
	attributeName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9:._-]*$`)
	// loading attributes name a file or a place that something is sent to.
	loading   = regexp.MustCompile(`^(?:srcdoc|srcset|formaction|action|ping|background|poster|manifest|data|code|codebase|classid|archive|longdesc|usemap|profile|xml:base|attributename)$`)
	cssURL    = regexp.MustCompile(`(?i)url\(\s*["']?\s*([^)"'\s]*)[^)]*\)`)
	cssImport = regexp.MustCompile(`(?i)@import[^;]*;?`)
)

// cleanAttribute returns the value of an attribute as it may stay, and whether it may.
func cleanAttribute(element string, a attribute) (string, bool) {
	name := strings.ToLower(a.name)
	switch {
	case !attributeName.MatchString(name), strings.HasPrefix(name, "on"), loading.MatchString(name):
		return "", false
	case name == "href" || name == "xlink:href":
		return a.value, linkAllowed(element, a.value)
	case name == "src":
		return a.value, isData(a.value)
	case name == "style":
		return cleanCSS(a.value), true
	}
	if strings.Contains(strings.ToLower(a.value), "url(") { // fill, mask, filter ...
		return cleanCSS(a.value), true
	}
	return a.value, true
}

// linkAllowed tells whether an href may stay: where a reader can go from an a or
// area element, else only what is in the page.
func linkAllowed(element, to string) bool {
	// Browsers pass over control characters and blanks in the scheme.
	to = strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, to))
	if strings.HasPrefix(to, "#") {
		return true
	}
	if element != "a" && element != "area" {
		return isData(to)
	}
	scheme, _, found := strings.Cut(to, ":")
	return !found || strings.ContainsAny(scheme, "/?#") || scheme == "http" || scheme == "https" || scheme == "mailto"
}

// isData tells whether a URL is a picture that it holds itself.
func isData(url string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(url)), "data:image/")
}

// cleanCSS returns style without files to load, and without "<", which in a style
// element within SVG would begin a tag.
func cleanCSS(css string) string {
	css = cssImport.ReplaceAllString(css, "")
	css = cssURL.ReplaceAllStringFunc(css, func(u string) string {
		if to := cssURL.FindStringSubmatch(u)[1]; strings.HasPrefix(to, "#") || isData(to) {
			return u
		}
		return "none"
	})
	return strings.ReplaceAll(css, "<", `\3c `)
}
