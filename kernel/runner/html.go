package runner

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"strings"
)

// HTML returns a page with the text, the code and the outputs of a notebook. It is
// one file, follows the reader's light or dark theme, prints, and runs and loads
// nothing: scripts and remote files are taken out of the outputs, and a content
// security policy forbids them to the browser.
//
// Of an output the richest form is shown that needs no program: HTML, SVG, PNG or
// JPEG, Markdown, plain text. Mathematics is MathML, or as it was typed where package
// mathml does not know it. Raw cells are left out. The title is the notebook's metadata.title, or else its first heading.
//
// The error is a *NotebookError.
func HTML(notebook []byte) ([]byte, error) {
	nb, err := parseNotebook(notebook)
	if err != nil {
		return nil, err
	}
	p := &page{ids: newHeadingIDs()}
	for i, c := range nb.cells {
		switch c.kind {
		case "markdown":
			p.markdown(c.source, c.attachments)
		case "code":
			if err := p.code(c); err != nil {
				return nil, &NotebookError{Msg: fmt.Sprintf("the outputs of cell %d cannot be read", i+1), Err: err}
			}
		}
	}
	title := nb.title()
	if title == "" {
		title = p.ids.first
	}
	if title == "" {
		title = "Notebook"
	}
	return fmt.Appendf(nil, pageFrame, html.EscapeString(title), pageStyle, p.body.String()), nil
}

// pageFrame takes the title, the style and the body.
const pageFrame = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>%s</title>
<style>
%s</style>
</head>
<body>
<main>
%s</main>
</body>
</html>
`

// title returns the title that the notebook's metadata give it, or "".
func (nb *notebook) title() string {
	var head struct {
		Metadata struct {
			Title any `json:"title"`
		} `json:"metadata"`
	}
	if json.Unmarshal(nb.src, &head) != nil {
		return ""
	}
	title, _ := head.Metadata.Title.(string)
	return strings.TrimSpace(title)
}

// page is the body of a page that is being written.
type page struct {
	body strings.Builder
	ids  *headingIDs
}

func (p *page) markdown(source string, attachments map[string]map[string]string) {
	p.body.WriteString("<section class=\"nb-text\">\n")
	p.body.WriteString(markdownHTML(source, p.ids, attachments))
	p.body.WriteString("</section>\n")
}

func (p *page) code(c *cell) error {
	if src := strings.TrimSpace(c.source); src != "" {
		fmt.Fprintf(&p.body, "<pre class=\"nb-code\"><code>%s</code></pre>\n", highlight(strings.Trim(c.source, "\n")))
	}
	if len(c.outputs) == 0 {
		return nil
	}
	var outputs []output
	if err := json.Unmarshal(c.outputs, &outputs); err != nil {
		return err
	}
	for i := range outputs {
		p.output(&outputs[i])
	}
	return nil
}

func (p *page) output(o *output) {
	switch o.Type {
	case "stream":
		class := "nb-out"
		if o.Name == "stderr" {
			class = "nb-out nb-stderr"
		}
		p.pre(class, string(o.Text))
	case "error":
		text := strings.Join(o.Traceback, "\n")
		if strings.TrimSpace(text) == "" && o.EName != nil && o.EValue != nil {
			text = *o.EName + ": " + *o.EValue
		}
		p.pre("nb-out nb-error", text)
	case "display_data", "execute_result":
		p.display(o)
	}
}

func (p *page) pre(class, text string) {
	fmt.Fprintf(&p.body, "<pre class=\"%s\">%s</pre>\n", class, html.EscapeString(strings.TrimRight(stripANSI(text), "\n")))
}

// display writes the richest form of o that can be shown.
func (p *page) display(o *output) {
	text := func(mime string) (string, bool) {
		s, err := multiline(o.Data[mime])
		return s, err == nil && strings.TrimSpace(s) != ""
	}
	plain, hasPlain := text("text/plain")
	if s, ok := text("text/html"); ok {
		fmt.Fprintf(&p.body, "<div class=\"nb-rich\">\n%s\n</div>\n", sanitize(s))
		return
	}
	if s, ok := text("image/svg+xml"); ok {
		p.image("image/svg+xml", base64.StdEncoding.EncodeToString([]byte(s)), plain)
		return
	}
	for _, mime := range []string{"image/png", "image/jpeg"} {
		s, ok := text(mime)
		if s = strings.Join(strings.Fields(s), ""); !ok {
			continue
		}
		if _, err := base64.StdEncoding.DecodeString(s); err == nil {
			p.image(mime, s, plain)
			return
		}
	}
	if s, ok := text("text/markdown"); ok {
		p.markdown(s, nil)
		return
	}
	if hasPlain {
		p.pre("nb-out", plain)
	}
}

// image writes a picture. In an img element an SVG runs no script.
func (p *page) image(mime, base64, alt string) {
	fmt.Fprintf(&p.body, "<p class=\"nb-image\"><img src=\"data:%s;base64,%s\" alt=\"%s\"></p>\n",
		mime, base64, html.EscapeString(shorten(strings.TrimSpace(stripANSI(alt)), 300)))
}
