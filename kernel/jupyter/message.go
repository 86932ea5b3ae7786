package jupyter

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// ProtocolVersion is the version of the messaging protocol that headers carry.
const ProtocolVersion = "5.4"

// Header identifies a message. The zero Header, written {}, stands for no parent.
type Header struct {
	MsgID    string
	Session  string
	Username string
	Date     string // ISO 8601
	MsgType  string
	Version  string

	// Extra holds the fields that this package does not know, so that a header comes
	// back to its sender whole.
	Extra map[string]json.RawMessage
}

// Message is one message of the protocol.
type Message struct {
	// Identities are the routing frames before the delimiter: on iopub the topic, at
	// the kernel's end of shell, control and stdin the address of the sender.
	Identities [][]byte

	Header   Header
	Parent   Header          // the header of the request that this message answers
	Metadata json.RawMessage // an object, nil for {}
	Content  json.RawMessage // an object, nil for {}
	Buffers  [][]byte
}

// NewMessage returns a message of the given type in a session with content as JSON.
// parent is the message that it answers, or nil; its identities are taken over, which
// is what a reply needs. It panics if content has no JSON form.
func NewMessage(session, msgType string, parent *Message, content any) *Message {
	b, err := json.Marshal(content)
	if err != nil {
		panic("jupyter: content of " + msgType + " has no JSON form: " + err.Error())
	}
	m := &Message{
		Header: Header{
			MsgID: NewID(), Session: session, Username: "golmm", MsgType: msgType, Version: ProtocolVersion,
			Date: time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"),
		},
		Content: b,
	}
	if parent != nil {
		m.Parent = parent.Header
		m.Identities = parent.Identities
	}
	return m
}

// NewID returns 32 random hexadecimal digits, for a message or a session.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b[:])
}

// Decode stores the content in v.
// Its error is a *MessageError.
func (m *Message) Decode(v any) error {
	if err := json.Unmarshal(m.Content, v); err != nil {
		return &MessageError{Type: m.Header.MsgType, Msg: "content has another form than the protocol says", Err: err}
	}
	return nil
}

// MessageError tells why frames are no valid message.
type MessageError struct {
	Type string // the message type if it is known
	Msg  string
	Err  error // the cause, or nil
}

func (e *MessageError) Error() string {
	what := "jupyter message"
	if e.Type != "" {
		what = fmt.Sprintf("jupyter message %.60q", e.Type)
	}
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", what, e.Msg, e.Err)
	}
	return what + ": " + e.Msg
}

func (e *MessageError) Unwrap() error { return e.Err }

// fields returns the known fields of h by their JSON names.
func (h *Header) fields() map[string]*string {
	return map[string]*string{
		"msg_id": &h.MsgID, "session": &h.Session, "username": &h.Username,
		"date": &h.Date, "msg_type": &h.MsgType, "version": &h.Version,
	}
}

// MarshalJSON writes the known and the extra fields as one object, and {} for the
// zero Header.
func (h Header) MarshalJSON() ([]byte, error) {
	all := maps.Clone(h.Extra)
	if all == nil {
		all = make(map[string]json.RawMessage)
	}
	if h.MsgID != "" || h.MsgType != "" {
		for name, v := range h.fields() {
			b, err := json.Marshal(*v)
			if err != nil {
				return nil, err
			}
			all[name] = b
		}
	}
	return json.Marshal(all)
}

// UnmarshalJSON reads an object. Missing fields stay empty: an empty parent is {}.
func (h *Header) UnmarshalJSON(b []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	*h = Header{}
	for name, v := range h.fields() {
		raw, ok := all[name]
		if !ok {
			continue
		}
		if err := json.Unmarshal(raw, v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		delete(all, name)
	}
	if len(all) > 0 {
		h.Extra = all
	}
	return nil
}
