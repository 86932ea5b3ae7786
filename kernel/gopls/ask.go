package gopls

import (
	"context"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Match is a completion: Text takes the place of the code points Start to End of the
// file.
type Match struct {
	Start, End int
	Text       string
	Kind       string // function, type, ...; "" if not known
}

// Complete returns the completions of the file text at a place in code points, the
// likeliest first. It gives up when ctx ends; gopls goes on starting.
func (s *Server) Complete(ctx context.Context, text string, cursor int) ([]Match, error) {
	var list struct {
		Items []struct {
			Label    string `json:"label"`
			Kind     int    `json:"kind"`
			TextEdit *struct {
				NewText string `json:"newText"`
				Range   struct {
					Start position `json:"start"`
					End   position `json:"end"`
				} `json:"range"`
			} `json:"textEdit"`
		} `json:"items"`
	}
	if err := s.ask(ctx, "textDocument/completion", text, cursor, &list); err != nil {
		return nil, err
	}
	at := newPlaces(text)
	var out []Match
	for _, it := range list.Items {
		if it.TextEdit == nil {
			continue
		}
		out = append(out, Match{Start: at.codePoint(it.TextEdit.Range.Start), End: at.codePoint(it.TextEdit.Range.End),
			Text: it.TextEdit.NewText, Kind: kindName(it.Kind)})
	}
	return out, nil
}

// Hover returns what is known of the name at a place of the file text, as Markdown, ""
// for nothing.
func (s *Server) Hover(ctx context.Context, text string, cursor int) (string, error) {
	var reply *struct {
		Contents struct {
			Value string `json:"value"`
		} `json:"contents"`
	}
	if err := s.ask(ctx, "textDocument/hover", text, cursor, &reply); err != nil || reply == nil {
		return "", err
	}
	return reply.Contents.Value, nil
}

// ask gives gopls the text and asks about a place in it.
func (s *Server) ask(ctx context.Context, method, text string, cursor int, result any) error {
	r, err := s.get()
	if err != nil {
		return err
	}
	select {
	case <-r.ready:
	case <-r.conn.ended:
		return errEnded
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	r.asking.Lock()
	defer r.asking.Unlock()
	r.version++
	err = r.conn.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": r.file, "version": r.version},
		"contentChanges": []map[string]string{{"text": text}},
	})
	if err != nil {
		return err
	}
	return r.conn.call(ctx, method, map[string]any{
		"textDocument": map[string]string{"uri": r.file}, "position": newPlaces(text).position(cursor),
	}, result)
}

// position is a place as the protocol counts: lines, and UTF-16 units in the line.
type position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// places turns places in code points into positions and back.
type places struct {
	lines  []string
	starts []int // of the lines, in code points
}

func newPlaces(text string) places {
	p := places{lines: strings.SplitAfter(text, "\n")}
	n := 0
	for _, l := range p.lines {
		p.starts = append(p.starts, n)
		n += utf8.RuneCountInString(l)
	}
	return p
}

func (p places) position(at int) position {
	i := len(p.lines) - 1
	for i > 0 && p.starts[i] > at {
		i--
	}
	pos := position{Line: i}
	for k, r := range []rune(p.lines[i]) {
		if p.starts[i]+k >= at {
			break
		}
		pos.Character += utf16.RuneLen(r)
	}
	return pos
}

func (p places) codePoint(pos position) int {
	if pos.Line < 0 || pos.Line >= len(p.lines) {
		return p.starts[len(p.starts)-1]
	}
	n, units := 0, 0
	for _, r := range p.lines[pos.Line] {
		if units >= pos.Character {
			break
		}
		units += utf16.RuneLen(r)
		n++
	}
	return p.starts[pos.Line] + n
}

// kindName is what front ends call a CompletionItemKind of the protocol.
func kindName(kind int) string {
	names := map[int]string{2: "function", 3: "function", 4: "function", 5: "property", 6: "instance", 7: "class", 8: "class",
		9: "module", 10: "property", 14: "keyword", 21: "instance", 22: "class"}
	return names[kind]
}
