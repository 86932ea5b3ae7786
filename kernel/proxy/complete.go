package proxy

import (
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

// complete is the content of a complete_reply: of the session, else of GoNB.
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
	code, shift := session.Forward(r.Code, r.Cursor)
	answer := k.ask("complete_request", map[string]any{"code": code, "cursor_pos": r.Cursor + shift})
	var theirs completeReply
	if answer == nil || answer.Decode(&theirs) != nil || theirs.Status != "ok" || len(theirs.Matches) == 0 {
		return reply
	}
	reply.Matches = theirs.Matches
	reply.Start, reply.End = max(theirs.Start-shift, 0), max(theirs.End-shift, 0)
	return reply
}

// inspect is the content of an inspect_reply.
func (k *Kernel) inspect(m *jupyter.Message) any {
	var r completeRequest
	_ = m.Decode(&r)
	r.limit()
	if text := k.cells().Describe(r.Code, r.Cursor); text != "" {
		content := markdownContent(text)
		content["status"], content["found"] = "ok", true
		return content
	}
	code, shift := k.cells().Forward(r.Code, r.Cursor)
	answer := k.ask("inspect_request", map[string]any{
		"code": code, "cursor_pos": r.Cursor + shift, "detail_level": r.Detail,
	})
	if answer == nil {
		return map[string]any{"status": "ok", "found": false, "data": struct{}{}, "metadata": struct{}{}}
	}
	return answer.Content
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
