package nb

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// bundle is one display in the formats that a front end chooses from. Text is
// always there; the others may be empty.
type bundle struct {
	text, html, markdown, latex, svg string
	png                              []byte
	failure                          *failure // the cell ends with it
}

// screen is where displays go.
type screen interface {
	show(bundle)
	sync() // returns when all displays have arrived
}

// clean replaces what no format may hold, and names in data files can: control
// characters and bytes that are no UTF-8.
func (b bundle) clean() bundle {
	for _, s := range []*string{&b.text, &b.html, &b.markdown, &b.latex, &b.svg} {
		*s = strings.ToValidUTF8(strings.Map(func(r rune) rune {
			if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f || r == 0xfffe || r == 0xffff {
				return unicode.ReplacementChar
			}
			return r
		}, *s), string(unicode.ReplacementChar))
	}
	return b
}

// open returns the notebook that runs this program, or else standard output.
func open() screen {
	if gonbui.IsNotebook {
		return notebook{}
	}
	return terminal{os.Stdout}
}

// notebook sends displays to the kernel; where its pipe is broken, the text is
// printed instead.
type notebook struct{}

func (notebook) show(b bundle) { send(b, "") }

// send displays b, in place of what was displayed before under the id, if any.
func send(b bundle, id string) {
	d := &protocol.DisplayData{Data: b.data(), DisplayID: id, Metadata: mark()}
	within(func() { gonbui.SendData(d) })
	if gonbui.Error() != nil {
		terminal{os.Stdout}.show(b)
	}
}

// sync waits for the kernel's answer: without it a display that is still in
// the pipe is lost when the program ends.
func (notebook) sync() { within(gonbui.Sync) }

const (
	// markVariable is the environment variable by which a kernel asks for marks: it
	// holds what they begin with.
	markVariable = "GOLMM_DISPLAY_MARK"

	// markKey is the key of a display's metadata that has the rest of its mark.
	markKey = "golmm_mark"

	// markQuote stands at both ends of a mark.
	markQuote = "\x1e"
)

// mark prints a mark where the next display stands in the text, if the kernel wants
// one, and returns what tells the kernel which display that is. Text and displays take
// different ways: without marks a display may come before what was printed first.
func mark() map[string]any {
	start := os.Getenv(markVariable)
	if start == "" {
		return nil
	}
	id := rand.Text()
	fmt.Print(markQuote + start + id + markQuote)
	return map[string]any{markKey: id}
}

// patience is how long the kernel may take for a display.
const patience = 10 * time.Second

// within ends the cell if the kernel does not take what f sends: its pipe is of no
// use any more.
func within(f func()) {
	done := make(chan struct{})
	go func() {
		f()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(patience):
		fmt.Fprintf(os.Stderr, "the kernel took no display for %v: something else was written to its pipe, or it is stuck\n", patience)
		os.Exit(1)
	}
}

// data returns the formats by MIME type.
func (b bundle) data() map[protocol.MIMEType]any {
	data := map[protocol.MIMEType]any{protocol.MIMETextPlain: b.text}
	for mime, content := range map[protocol.MIMEType]string{
		protocol.MIMETextHTML:     b.html,
		protocol.MIMETextMarkdown: b.markdown,
		"text/latex":              b.latex,
		protocol.MIMEImageSVG:     b.svg,
	} {
		if content != "" {
			data[mime] = content
		}
	}
	if len(b.png) > 0 {
		data[protocol.MIMEImagePNG] = b.png
	}
	if b.failure != nil {
		data[failureMIME] = b.failure.data()
	}
	return data
}

// terminal prints the text of displays, a blank line between them.
type terminal struct{ w io.Writer }

func (t terminal) show(b bundle) {
	fmt.Fprintf(t.w, "%s\n\n", strings.TrimRight(b.text, "\n"))
}

func (terminal) sync() {}
