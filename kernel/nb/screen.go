package nb

import (
	"fmt"
	"io"
	"os"
	"strings"

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
	gonbui.SendData(&protocol.DisplayData{Data: b.data(), DisplayID: id})
	if gonbui.Error() != nil {
		terminal{os.Stdout}.show(b)
	}
}

// sync waits for the kernel's answer: without it a display that is still in
// the pipe is lost when the program ends.
func (notebook) sync() { gonbui.Sync() }

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
