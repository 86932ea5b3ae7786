package cell

import (
	"go/token"
	"strings"
	"unicode/utf8"
)

// advice is what those who come from other languages are told.
type advice struct {
	msg  string // a part of the parser's message
	at   string // how the text at the error begins, "" for anything
	word string // the first word of the line, "" for any
	hint string
}

var advices = [...]advice{
	{msg: "expected ';'", at: "~", hint: "A formula stands in quotes: `nb.Fit(\"y ~ x + (1 | g)\", table)`"},
	{msg: "expected ';'", word: "while", hint: "The loop of Go is for: `for x < 3 { ... }`"},
	{msg: "expected ';'", word: "def", hint: "A function: `func f(x float64) float64 { return 2 * x }`"},
	{msg: "expected ';'", word: "let", hint: "A name is defined by `x := 3`."},
	{msg: "expected ';'", word: "print", hint: "To print: `fmt.Println(x)`"},
	{msg: "expected '{'", at: "in ", hint: "To go through a list: `for i, v := range x { ... }`"},
	{msg: "expected 1 expression", hint: "To show several values: `nb.Show(x, y)`"},
	{msg: "rune literal", hint: "Text stands in double quotes: `\"text\"`"},
	{msg: "expected '==', found '='", hint: "Go has no arguments by name; options are a struct: `&lmm.Options{ML: true}`"},
	{msg: "expecting ]", hint: "A list of numbers: `[]float64{1, 2, 3}`"},
	{msg: "expected operand, found '{'", hint: "A list of numbers: `[]float64{1, 2, 3}`"},
	{msg: "expected statement, found 'else'", hint: "else stands on the line of the } before it: `} else {`"},
	{msg: "missing import path", hint: "The path of an import stands in quotes: `import \"fmt\"`"},
	{msg: "'ILLEGAL'", at: "#", hint: "Comments begin with `//`."},
	{msg: "'ILLEGAL'", at: "$", hint: "What belongs to a value follows a point: `m.Sigma()`"},
	{msg: "found assignment", hint: "`=` assigns, `==` compares."},
}

// advise adds what may have been meant, and says plainly what the parser says in
// terms of its own.
func (p *problem) advise(text string) {
	line := text[strings.LastIndex(text[:p.off], "\n")+1:]
	word := ""
	if toks := tokens(line); len(toks) > 0 && toks[0].tok == token.IDENT {
		word = toks[0].lit
	}
	for _, a := range advices {
		if strings.Contains(p.msg, a.msg) && strings.HasPrefix(text[p.off:], a.at) && (a.word == "" || a.word == word) {
			p.hints = append(p.hints, a.hint)
			break
		}
	}
	switch {
	case strings.Contains(p.msg, "'ILLEGAL'"):
		r, _ := utf8.DecodeRuneInString(text[p.off:])
		p.msg = "the character " + string(r) + " has no meaning in Go"
	case strings.HasPrefix(p.msg, "expected ';', found "):
		p.msg = "unexpected " + strings.TrimPrefix(p.msg, "expected ';', found ") + ": the statement before it must end first, with the line or a semicolon"
	}
}
