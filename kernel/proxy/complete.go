package proxy

import (
	"context"
	"strings"
	"time"

	"github.com/golmm/golmm/kernel/cell"
	"github.com/golmm/golmm/kernel/gopls"
	"github.com/golmm/golmm/kernel/jupyter"
)

type completeRequest struct {
	Code   string `json:"code"`
	Cursor int    `json:"cursor_pos"`
	Detail int    `json:"detail_level"`
}

type typedMatch struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
	Type  string `json:"type"`
}

type completeReply struct {
	Status   string         `json:"status"`
	Matches  []string       `json:"matches"`
	Start    int            `json:"cursor_start"`
	End      int            `json:"cursor_end"`
	Metadata map[string]any `json:"metadata"`
}

// complete is the content of a complete_reply: of the session, else of gopls.
func (k *Kernel) complete(m *jupyter.Message) any {
	var r completeRequest
	_ = m.Decode(&r)
	r.limit()
	reply := completeReply{Status: "ok", Matches: []string{}, Start: r.Cursor, End: r.Cursor, Metadata: map[string]any{}}
	session := k.cells()
	if c := session.Complete(r.Code, r.Cursor); c != nil {
		reply.Start, reply.End = c.Start, c.End
		reply.Matches = nonNil(c.Matches)
		if len(c.Types) == len(c.Matches) && len(c.Types) > 0 {
			var typed []typedMatch
			for i, text := range c.Matches {
				typed = append(typed, typedMatch{c.Start, c.End, text, c.Types[i]})
			}
			reply.Metadata["_jupyter_types_experimental"] = typed
		}
		return reply
	}
	reply.fill(k.askGopls(r, session))
	return reply
}

// askLimit is how long gopls may take to complete or inspect. Its start takes longer:
// then there is nothing yet.
const askLimit = 2 * time.Second

// askGopls returns the completions of gopls in places of the cell.
func (k *Kernel) askGopls(r completeRequest, session *cell.Session) []gopls.Match {
	code, shift, ok := session.Forward(r.Code, r.Cursor)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(k.ctx, askLimit)
	defer cancel()
	list, _ := k.gopls.Complete(ctx, code, r.Cursor+shift)
	var fits []gopls.Match
	for _, m := range list {
		m.Start, m.End = m.Start-shift, m.End-shift
		// All take the place of the same text, which ends at the cursor.
		if m.End == r.Cursor && m.Start >= 0 && (len(fits) == 0 || m.Start == fits[0].Start) {
			fits = append(fits, m)
		}
	}
	return fits
}

// fill adds completions.
func (c *completeReply) fill(list []gopls.Match) {
	var typed []typedMatch
	for _, m := range list {
		c.Start, c.End = m.Start, m.End
		c.Matches = append(c.Matches, m.Text)
		typed = append(typed, typedMatch{m.Start, m.End, m.Text, m.Kind})
	}
	if len(typed) > 0 {
		c.Metadata["_jupyter_types_experimental"] = typed
	}
}

// inspect is the content of an inspect_reply.
func (k *Kernel) inspect(m *jupyter.Message) any {
	var r completeRequest
	_ = m.Decode(&r)
	r.limit()
	session := k.cells()
	text := session.Describe(r.Code, r.Cursor)
	if code, shift, ok := session.Forward(r.Code, r.Cursor); ok && text == "" {
		ctx, cancel := context.WithTimeout(k.ctx, askLimit)
		defer cancel()
		text, _ = k.gopls.Hover(ctx, code, r.Cursor+shift)
	}
	data := map[string]string{}
	if text != "" {
		data = map[string]string{"text/markdown": text, "text/plain": plainMarkdown(text)}
	}
	return map[string]any{"status": "ok", "found": text != "", "data": data, "metadata": struct{}{}}
}

// plainMarkdown returns what gopls says without the marks of code and rules.
func plainMarkdown(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\n"); !strings.HasPrefix(line, "```") && line != "---" {
			lines = append(lines, line)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// limit puts the cursor into the code.
func (r *completeRequest) limit() {
	r.Cursor = min(max(r.Cursor, 0), len([]rune(r.Code)))
}

// markdownContent is Markdown as a display.
func markdownContent(text string) map[string]any {
	return map[string]any{
		"data":     map[string]string{"text/markdown": text, "text/plain": text},
		"metadata": struct{}{}, "transient": struct{}{},
	}
}
