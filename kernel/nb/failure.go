package nb

import (
	"encoding/gob"
	"errors"
	"strings"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/suffstat"
	"github.com/golmm/golmm/lmm/table"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// failureMIME is the key under which a display tells the kernel that the cell
// failed, and how: {"ename", "evalue", "traceback": [...]}.
const failureMIME protocol.MIMEType = "application/vnd.golmm.failure+json"

// failure is an error as a cell ends with it.
type failure struct {
	name  string // what kind of error
	value string // its first line
	text  string // all of it
}

func failureOf(err error) *failure {
	text := strings.TrimRight(err.Error(), "\n")
	first, _, _ := strings.Cut(text, "\n")
	return &failure{name: kindOf(err), value: first, text: text}
}

// kindOf names the kind of an error.
func kindOf(err error) string {
	var (
		syntax     *formula.SyntaxError
		data       *design.Error
		file       *table.CSVError
		column     *table.UnknownColumn
		level      *table.LevelError
		saturated  *suffstat.SaturatedError
		large      *suffstat.UnsupportedError
		comparison *infer.ComparisonError
		panicked   *PanicError
	)
	switch {
	case errors.As(err, &syntax), errors.As(err, &data) && data.Src != "":
		return "FormulaError"
	case errors.As(err, &data), errors.As(err, &column), errors.As(err, &level), errors.As(err, &saturated):
		return "DataError"
	case errors.As(err, &file):
		return "FileError"
	case errors.As(err, &large), errors.As(err, &comparison):
		return "ModelError"
	case errors.As(err, &panicked):
		return "Panic"
	}
	return "Error"
}

// bundle is the card of a failure.
func (f *failure) bundle() bundle {
	doc := &report.Doc{Label: f.name, Tone: report.Serious}
	doc.Add(report.Verdict{Title: f.value})
	var code []string
	flush := func() {
		if len(code) > 0 {
			doc.Add(report.Source{Text: strings.Join(code, "\n")})
			code = nil
		}
	}
	for _, line := range strings.Split(f.text, "\n")[1:] {
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") { // columns matter
			code = append(code, line)
			continue
		}
		flush()
		if line != "" {
			doc.Add(report.Note{Text: report.Words(line)})
		}
	}
	flush()
	b := document(doc)
	b.text, b.failure = f.text, f
	return b.clean()
}

// data is what the kernel reads. GoNB knows these types under these names only
// once they are registered.
func (f *failure) data() map[string]any {
	gob.Register(map[string]any{})
	gob.Register([]string{})
	return map[string]any{"ename": f.name, "evalue": f.value, "traceback": strings.Split(f.text, "\n")}
}
