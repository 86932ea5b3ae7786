package gopls

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"sync"
)

// bodyLimit is the longest message that is read.
const bodyLimit = 64 << 20

var errEnded = errors.New("gopls ended")

// conn is the client's end of JSON-RPC 2.0 over two pipes, each message with a header
// that tells its length. Source: the base protocol of
// https://microsoft.github.io/language-server-protocol/.
type conn struct {
	sending sync.Mutex
	w       io.Writer

	mu      sync.Mutex
	last    int
	waiting map[int]chan message
	ended   chan struct{}
}

type message struct {
	Version string           `json:"jsonrpc"`
	ID      *json.RawMessage `json:"id,omitempty"`
	Method  string           `json:"method,omitempty"`
	Params  json.RawMessage  `json:"params,omitempty"`
	Result  json.RawMessage  `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// newConn reads from r until it ends. answer replies to requests of the server.
func newConn(r io.Reader, w io.Writer, answer func(method string, params json.RawMessage) any) *conn {
	c := &conn{w: w, waiting: make(map[int]chan message), ended: make(chan struct{})}
	go func() {
		defer close(c.ended)
		in := bufio.NewReader(r)
		for {
			m, err := readMessage(in)
			if err != nil {
				return
			}
			c.take(m, answer)
		}
	}()
	return c
}

func readMessage(r *bufio.Reader) (message, error) {
	var m message
	header, err := textproto.NewReader(r).ReadMIMEHeader()
	if err != nil {
		return m, err
	}
	n, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil || n < 0 || n > bodyLimit {
		return m, fmt.Errorf("a message of %q bytes", header.Get("Content-Length"))
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(r, body); err != nil {
		return m, err
	}
	return m, json.Unmarshal(body, &m)
}

func (c *conn) take(m message, answer func(string, json.RawMessage) any) {
	if m.ID == nil {
		return // a notification
	}
	if m.Method != "" {
		result, err := json.Marshal(answer(m.Method, m.Params))
		if err == nil {
			_ = c.send(message{ID: m.ID, Result: result})
		}
		return
	}
	var id int
	if json.Unmarshal(*m.ID, &id) != nil {
		return
	}
	c.mu.Lock()
	reply := c.waiting[id]
	delete(c.waiting, id)
	c.mu.Unlock()
	if reply != nil {
		reply <- m
	}
}

func (c *conn) send(m message) error {
	m.Version = "2.0"
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	c.sending.Lock()
	defer c.sending.Unlock()
	_, err = fmt.Fprintf(c.w, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return err
}

// notify sends what has no answer.
func (c *conn) notify(method string, params any) error {
	raw, err := json.Marshal(params)
	if err != nil {
		return err
	}
	return c.send(message{Method: method, Params: raw})
}

// call sends a request and stores its result. When ctx ends the server is told to stop.
func (c *conn) call(ctx context.Context, method string, params, result any) error {
	raw, err := json.Marshal(params)
	if err != nil {
		return err
	}
	reply := make(chan message, 1)
	c.mu.Lock()
	c.last++
	id := c.last
	c.waiting[id] = reply
	c.mu.Unlock()
	number := json.RawMessage(strconv.Itoa(id))
	if err := c.send(message{ID: &number, Method: method, Params: raw}); err != nil {
		return err
	}
	select {
	case m := <-reply:
		if m.Error != nil {
			return fmt.Errorf("gopls: %s: %s", method, m.Error.Message)
		}
		return json.Unmarshal(m.Result, result)
	case <-c.ended:
		return errEnded
	case <-ctx.Done():
		c.mu.Lock()
		delete(c.waiting, id)
		c.mu.Unlock()
		_ = c.notify("$/cancelRequest", map[string]int{"id": id})
		return context.Cause(ctx)
	}
}
