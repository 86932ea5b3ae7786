package jupyter

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// delimiter separates the routing frames from the message.
const delimiter = "<IDS|MSG>"

// Codec turns messages into frames and back, signing and verifying with Key. With an
// empty key signatures are empty and not looked at.
type Codec struct{ Key []byte }

// Encode returns the frames of m: identities, delimiter, signature, header, parent,
// metadata, content, buffers. Its error is a *MessageError: metadata or content is
// not JSON.
func (c Codec) Encode(m *Message) ([][]byte, error) {
	fail := func(what string, err error) ([][]byte, error) {
		return nil, &MessageError{Type: m.Header.MsgType, Msg: what + " cannot be written as JSON", Err: err}
	}
	header, err := json.Marshal(m.Header)
	if err != nil {
		return fail("header", err)
	}
	parent, err := json.Marshal(m.Parent)
	if err != nil {
		return fail("parent header", err)
	}
	metadata, err := object(m.Metadata)
	if err != nil {
		return fail("metadata", err)
	}
	content, err := object(m.Content)
	if err != nil {
		return fail("content", err)
	}
	frames := make([][]byte, 0, len(m.Identities)+6+len(m.Buffers))
	frames = append(frames, m.Identities...)
	frames = append(frames, []byte(delimiter), c.sign(header, parent, metadata, content), header, parent, metadata, content)
	return append(frames, m.Buffers...), nil
}

// Decode verifies frames and returns their message, which shares memory with them.
// Whatever the frames are, it returns a message or a *MessageError. Metadata and
// content are objects; a header has a msg_id and a msg_type.
func (c Codec) Decode(frames [][]byte) (*Message, error) {
	at := 0
	for at < len(frames) && string(frames[at]) != delimiter {
		at++
	}
	if at == len(frames) {
		return nil, &MessageError{Msg: "there is no frame " + delimiter}
	}
	body := frames[at+1:]
	if len(body) < 5 {
		return nil, &MessageError{Msg: "it is cut off: a signature, a header, a parent, metadata and content must follow " + delimiter}
	}
	if !hmac.Equal(body[0], c.sign(body[1], body[2], body[3], body[4])) && len(c.Key) > 0 {
		return nil, &MessageError{Msg: "its signature does not fit the key of this connection"}
	}
	m := &Message{Identities: frames[:at:at], Buffers: body[5:]}
	if err := json.Unmarshal(body[1], &m.Header); err != nil {
		return nil, &MessageError{Msg: "header", Err: err}
	}
	if m.Header.MsgID == "" || m.Header.MsgType == "" {
		return nil, &MessageError{Type: m.Header.MsgType, Msg: "its header lacks msg_id or msg_type"}
	}
	if err := json.Unmarshal(body[2], &m.Parent); err != nil {
		return nil, &MessageError{Type: m.Header.MsgType, Msg: "parent header", Err: err}
	}
	var err error
	if m.Metadata, err = object(body[3]); err != nil {
		return nil, &MessageError{Type: m.Header.MsgType, Msg: "metadata", Err: err}
	}
	if m.Content, err = object(body[4]); err != nil {
		return nil, &MessageError{Type: m.Header.MsgType, Msg: "content", Err: err}
	}
	return m, nil
}

// sign returns hex(HMAC-SHA256(key, parts joined)), nothing without a key.
func (c Codec) sign(parts ...[]byte) []byte {
	if len(c.Key) == 0 {
		return nil
	}
	mac := hmac.New(sha256.New, c.Key)
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// object returns b if it is a JSON object, and {} for nothing or null.
func object(b json.RawMessage) (json.RawMessage, error) {
	trimmed := bytes.TrimSpace(b)
	if len(trimmed) == 0 || string(trimmed) == "null" {
		return json.RawMessage("{}"), nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(trimmed, &fields); err != nil {
		return nil, err
	}
	return b, nil
}
