package jupyter

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The signature of a message signed by jupyter_client 7.4.9:
//
//	Session(key=b"secret").sign([b'{"a":1}', b'{}', b'{}', b'{"code":"1+1"}'])
func TestSignatureAgainstJupyterClient(t *testing.T) {
	c := Codec{Key: []byte("secret")}
	got := string(c.sign([]byte(`{"a":1}`), []byte(`{}`), []byte(`{}`), []byte(`{"code":"1+1"}`)))
	const want = "0aade2b613919c135b3893a0875ca7c0efb0b38bd72ef786605464553b3a23e6"
	if got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

func TestEncodeDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Codec{Key: rapid.SliceOf(rapid.Byte()).Draw(t, "key")}
		request := NewMessage("s", rapid.String().Draw(t, "type")+"_request", nil, map[string]string{
			"code": rapid.String().Draw(t, "code")})
		// Routing frames are anything but the delimiter.
		request.Identities = rapid.SliceOfN(rapid.SliceOf(rapid.Byte()), 0, 3).Draw(t, "identities")
		m := NewMessage("s", "reply", request, map[string]any{"status": "ok"})
		m.Header.Extra = map[string]json.RawMessage{"subshell_id": json.RawMessage(`"x"`)}
		m.Buffers = rapid.SliceOfN(rapid.SliceOf(rapid.Byte()), 0, 3).Draw(t, "buffers")

		frames, err := c.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		back, err := c.Decode(frames)
		if err != nil {
			t.Fatal(err)
		}
		m.Metadata = json.RawMessage("{}")
		if d := cmp.Diff(m, back, cmp.Transformer("empty", func(b [][]byte) [][]byte {
			if len(b) == 0 {
				return nil
			}
			return b
		})); d != "" {
			t.Fatal(d)
		}
	})
}

func TestDecodeRefuses(t *testing.T) {
	c := Codec{Key: []byte("k")}
	good, err := c.Encode(NewMessage("s", "status", nil, map[string]string{"execution_state": "idle"}))
	if err != nil {
		t.Fatal(err)
	}
	signed := func(parts ...string) [][]byte {
		frames := [][]byte{[]byte(delimiter), nil}
		for _, p := range parts {
			frames = append(frames, []byte(p))
		}
		frames[1] = c.sign(frames[2:]...)
		return frames
	}
	head := `{"msg_id":"1","msg_type":"status"}`
	tampered := append([][]byte{}, good...)
	tampered[5] = []byte(`{"execution_state":"busy"}`)
	for name, tc := range map[string]struct {
		frames [][]byte
		says   string
	}{
		"nothing":           {nil, "no frame"},
		"no delimiter":      {[][]byte{[]byte("a"), []byte("b")}, "no frame"},
		"delimiter alone":   {[][]byte{[]byte(delimiter)}, "cut off"},
		"no content":        {good[:5], "cut off"},
		"other content":     {tampered, "signature"},
		"header no JSON":    {signed("{", "{}", "{}", "{}"), "header"},
		"header a list":     {signed("[]", "{}", "{}", "{}"), "header"},
		"header null":       {signed("null", "{}", "{}", "{}"), "lacks msg_id"},
		"no type":           {signed(`{"msg_id":"1"}`, "{}", "{}", "{}"), "lacks msg_id or msg_type"},
		"id a number":       {signed(`{"msg_id":1,"msg_type":"status"}`, "{}", "{}", "{}"), "msg_id"},
		"parent a string":   {signed(head, `"x"`, "{}", "{}"), "parent"},
		"metadata a number": {signed(head, "{}", "1", "{}"), "metadata"},
		"content a list":    {signed(head, "{}", "{}", "[1]"), "content"},
	} {
		m, err := c.Decode(tc.frames)
		var me *MessageError
		if m != nil || !errors.As(err, &me) || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: message %v, error %v; want a *MessageError with %q", name, m, err, tc.says)
		}
	}
	if _, err := c.Decode(signed(head, "null", "", "null")); err != nil {
		t.Errorf("null and empty parts: %v", err)
	}
	if _, err := (Codec{}).Decode(tampered); err != nil {
		t.Errorf("without a key no signature is looked at: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	c := Codec{}
	good, _ := c.Encode(NewMessage("s", "status", nil, struct{}{}))
	f.Add(good[0], good[1], good[2], good[3], good[4], good[5])
	f.Add([]byte("id"), []byte(delimiter), []byte("x"), []byte("{}"), []byte("{}"), []byte("{}"))
	f.Fuzz(func(t *testing.T, a, b, cc, d, e, g []byte) {
		m, err := c.Decode([][]byte{a, b, cc, d, e, g, g})
		if err != nil {
			var me *MessageError
			if !errors.As(err, &me) {
				t.Fatalf("error is a %T", err)
			}
			return
		}
		frames, err := c.Encode(m)
		if err != nil {
			t.Fatalf("what was decoded cannot be encoded: %v", err)
		}
		back, err := c.Decode(frames)
		if err != nil {
			t.Fatalf("what was encoded cannot be decoded: %v", err)
		}
		if back.Header.MsgID != m.Header.MsgID || string(back.Content) != string(m.Content) {
			t.Fatal("the message changed")
		}
	})
}
