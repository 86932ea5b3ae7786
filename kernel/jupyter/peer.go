package jupyter

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// queueLimit is how many bytes may wait for a peer. Messages to several are shared.
const queueLimit = 64 << 20

// peer is a connection of a listener.
type peer struct {
	conn net.Conn

	// These are guarded by the listener.
	shaking  bool // the handshake is not done
	identity string
	topics   []string

	mu       sync.Mutex
	queue    [][]byte // encoded messages that wait to be sent
	size     int      // their bytes
	sends    bool     // there is a sender
	finished bool     // nothing more comes into the queue
	wake     chan struct{}

	once sync.Once
	gone chan struct{} // closed when the connection is
}

// serve shakes hands, then reads what comes until the connection ends.
func (p *peer) serve(l *listener) {
	defer p.end()
	in := &patient{conn: p.conn}
	r := bufio.NewReaderSize(in, 1<<14)
	_ = p.conn.SetDeadline(time.Now().Add(greetingPatience))
	identity, err := p.shake(l, r)
	if err != nil {
		return
	}
	_ = p.conn.SetDeadline(time.Time{})
	l.introduce(p, identity)
	if !p.startSending() {
		return
	}
	for {
		in.patience = 0
		if _, err := r.Peek(1); err != nil {
			return
		}
		in.patience = stallPatience
		if err := p.readMessage(l, r); err != nil {
			return
		}
	}
}

// startSending starts the sender, unless the socket closes.
func (p *peer) startSending() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.finished {
		return false
	}
	p.sends = true
	go p.write()
	return true
}

// shake does the handshake and returns the identity of the peer.
func (p *peer) shake(l *listener, r *bufio.Reader) (identity string, err error) {
	if _, err := p.conn.Write(greeting()); err != nil {
		return "", err
	}
	if err := readGreeting(r); err != nil {
		return "", err
	}
	if _, err := p.conn.Write(ready(l.kind)); err != nil {
		return "", err
	}
	flags, body, err := readFrame(r, commandLimit)
	if err != nil {
		return "", err
	}
	socketType, identity, err := parseReady(body)
	switch {
	case err != nil:
		return "", err
	case flags&flagCommand == 0 || len(identity) > 255 || strings.HasPrefix(identity, "\x00"):
		return "", errZMTP
	}
	return identity, l.accepted(socketType)
}

// readMessage reads the frames of a message, or a command.
func (p *peer) readMessage(l *listener, r *bufio.Reader) error {
	var frames [][]byte
	for left := messageLimit; ; {
		flags, body, err := readFrame(r, left)
		switch {
		case err != nil:
			return err
		case flags&flagCommand != 0 && (flags&flagMore != 0 || len(body) > commandLimit || frames != nil):
			return errZMTP
		case flags&flagCommand != 0:
			l.command(p, body)
			return nil
		}
		frames = append(frames, body)
		if flags&flagMore == 0 {
			l.received(p, frames)
			return nil
		}
		if left -= max(len(body), frameOverhead); left < 0 {
			return fmt.Errorf("a message of more than %d bytes", messageLimit)
		}
	}
}

// subscribed tells whether the peer wants a message with this first frame.
func (p *peer) subscribed(topic []byte) bool {
	for _, t := range p.topics {
		if strings.HasPrefix(string(topic), t) {
			return true
		}
	}
	return false
}

// push puts an encoded message into the queue if there is room.
func (p *peer) push(message []byte) {
	p.mu.Lock()
	if !p.finished && p.size+len(message) <= queueLimit {
		p.queue = append(p.queue, message)
		p.size += len(message)
	}
	p.mu.Unlock()
	p.signal()
}

func (p *peer) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// write sends what comes into the queue. A peer that takes nothing is given up.
func (p *peer) write() {
	defer p.end()
	w := bufio.NewWriterSize(&patient{conn: p.conn, patience: stallPatience}, 1<<16)
	for {
		p.mu.Lock()
		list, finished := p.queue, p.finished
		p.queue = nil
		p.mu.Unlock()
		for _, message := range list {
			if _, err := w.Write(message); err != nil {
				return
			}
			p.mu.Lock()
			p.size -= len(message)
			p.mu.Unlock()
		}
		if len(list) > 0 {
			continue
		}
		if w.Flush() != nil || finished {
			return
		}
		select {
		case <-p.wake:
		case <-p.gone:
			return
		}
	}
}

// finish lets the peer have what waits for it, for a moment, and ends it.
func (p *peer) finish() {
	p.mu.Lock()
	p.finished = true
	sends := p.sends
	p.mu.Unlock()
	if !sends {
		p.end()
		return
	}
	p.signal()
	time.AfterFunc(linger, p.end)
}

// end closes the connection.
func (p *peer) end() {
	p.once.Do(func() {
		close(p.gone)
		_ = p.conn.Close()
	})
}

// patient reads and writes as long as each step makes progress in time; with no
// patience it waits for ever.
type patient struct {
	conn     net.Conn
	patience time.Duration
}

func (c *patient) Read(b []byte) (int, error) {
	if c.patience > 0 {
		_ = c.conn.SetReadDeadline(time.Now().Add(c.patience))
		defer c.conn.SetReadDeadline(time.Time{})
	}
	return c.conn.Read(b)
}

func (c *patient) Write(b []byte) (n int, err error) {
	const step = 1 << 16
	for len(b) > 0 && err == nil {
		_ = c.conn.SetWriteDeadline(time.Now().Add(c.patience))
		var m int
		m, err = c.conn.Write(b[:min(len(b), step)])
		n += m
		b = b[m:]
	}
	return n, err
}
