package jupyter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The types of listening sockets.
const (
	router = "ROUTER"
	pub    = "PUB"
)

const (
	// Anybody on the machine can connect to a port of the loopback address, so all that
	// a connection can cost has a bound.
	greetingPatience = 30 * time.Second // until the handshake is done
	stallPatience    = 30 * time.Second // without a byte in the middle of a message
	peersLimit       = 256              // connections of a socket

	// linger is how long Close goes on sending.
	linger = 2 * time.Second
)

// listener is the listening side of a ZeroMQ socket. A ROUTER puts the identity of
// the sender in front of what it receives and sends to the one that the first frame
// names; a PUB sends to all who subscribed. Each connection has goroutines of its own:
// one that is silent, slow or speaks garbage does not keep the others waiting.
type listener struct {
	kind     string
	accepts  net.Listener
	incoming chan [][]byte
	done     chan struct{}
	loops    sync.WaitGroup

	mu     sync.Mutex
	peers  []*peer
	held   []held
	closed bool
}

// held is a message of a ROUTER to a peer that nobody is, while there are connections
// that may turn out to be it: a front end can ask over one socket before its handshake
// at another, which the answer goes to, is done.
type held struct {
	identity string
	message  []byte
}

// listen listens on an endpoint, tcp://host:port or ipc://path.
func listen(kind, endpoint string) (*listener, error) {
	network, address, _ := strings.Cut(endpoint, "://")
	if network == "ipc" {
		network = "unix"
		removeStaleSocket(address)
	}
	address = strings.TrimPrefix(address, "*") // all interfaces
	accepts, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	if network == "unix" {
		if err := os.Chmod(address, 0o600); err != nil {
			_ = accepts.Close()
			return nil, err
		}
	}
	l := &listener{kind: kind, accepts: accepts, incoming: make(chan [][]byte), done: make(chan struct{})}
	l.loops.Go(l.accept)
	return l, nil
}

// removeStaleSocket removes a socket that nobody listens on any more: a kernel that is
// restarted gets the paths of the one that died.
func removeStaleSocket(path string) {
	if info, err := os.Lstat(path); err != nil || info.Mode().Type() != os.ModeSocket {
		return
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		_ = conn.Close()
	} else if errors.Is(err, syscall.ECONNREFUSED) {
		_ = os.Remove(path)
	}
}

func (l *listener) accept() {
	for {
		conn, err := l.accepts.Accept()
		switch {
		case err == nil:
			l.add(conn)
		case errors.Is(err, net.ErrClosed):
			return
		default: // such as too many open files
			select {
			case <-time.After(50 * time.Millisecond):
			case <-l.done:
				return
			}
		}
	}
}

// add serves a connection, unless there are too many.
func (l *listener) add(conn net.Conn) {
	p := &peer{conn: conn, shaking: true, wake: make(chan struct{}, 1), gone: make(chan struct{})}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.peers) >= peersLimit {
		_ = conn.Close()
		return
	}
	l.peers = append(l.peers, p)
	l.loops.Go(func() {
		p.serve(l)
		l.remove(p)
	})
}

func (l *listener) remove(p *peer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.peers = slices.DeleteFunc(l.peers, func(q *peer) bool { return q == p })
	l.shaken(p)
}

// shaken is called when a handshake is done or has failed. What is held for others is
// given up with the last of those who could still come.
func (l *listener) shaken(p *peer) {
	p.shaking = false
	if !l.expects() {
		l.held = nil
	}
}

// expects tells whether there are connections of which it is not yet known whose they are.
func (l *listener) expects() bool {
	return slices.ContainsFunc(l.peers, func(p *peer) bool { return p.shaking })
}

// hold keeps a message for a peer that may come, as long as there are few.
func (l *listener) hold(h held) {
	const limit = 100
	size := len(h.message)
	for _, other := range l.held {
		size += len(other.message)
	}
	if len(l.held) < limit && size <= queueLimit && l.expects() {
		l.held = append(l.held, h)
	}
}

// introduce gives a peer, which has shaken hands, its identity. One that comes back
// before the end of its old connection was noticed takes that one's place.
func (l *listener) introduce(p *peer, identity string) {
	if identity == "" {
		identity = "\x00" + NewID()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, q := range l.peers {
		if q.identity == identity {
			q.identity = ""
			q.end()
		}
	}
	p.identity = identity
	l.held = slices.DeleteFunc(l.held, func(h held) bool {
		if h.identity == identity {
			p.push(h.message)
		}
		return h.identity == identity
	})
	l.shaken(p)
}

// recv returns the next message, and net.ErrClosed after Close.
func (l *listener) recv() ([][]byte, error) {
	select {
	case frames := <-l.incoming:
		return frames, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// send sends frames to whom they are for. It does not wait: a peer that has left too
// much unread does not get them, one that is gone is passed over, one that is just
// coming gets them when it is there.
func (l *listener) send(_ context.Context, frames [][]byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return net.ErrClosed
	}
	if len(frames) == 0 {
		return nil
	}
	if l.kind == pub {
		message := appendMessage(nil, frames)
		for _, p := range l.peers {
			if p.subscribed(frames[0]) {
				p.push(message)
			}
		}
		return nil
	}
	to, message := string(frames[0]), appendMessage(nil, frames[1:])
	for _, p := range l.peers {
		if p.identity == to && to != "" {
			p.push(message)
			return nil
		}
	}
	l.hold(held{to, message})
	return nil
}

// Close sends what waits to be sent, for a moment, and closes all connections.
func (l *listener) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	peers := slices.Clone(l.peers)
	l.mu.Unlock()
	err := l.accepts.Close()
	close(l.done)
	for _, p := range peers {
		p.finish()
	}
	l.loops.Wait()
	return err
}

// accepted tells whether a socket of this kind may talk to one of another.
func (l *listener) accepted(socketType string) error {
	allowed := []string{"DEALER", "REQ", "ROUTER"}
	if l.kind == pub {
		allowed = []string{"SUB", "XSUB"}
	}
	if !slices.Contains(allowed, socketType) {
		return fmt.Errorf("a %.20q socket cannot talk to a %s socket", socketType, l.kind)
	}
	return nil
}

// received takes a message of a peer.
func (l *listener) received(p *peer, frames [][]byte) {
	if l.kind == pub {
		if len(frames) == 1 && len(frames[0]) > 0 && frames[0][0] <= 1 {
			l.subscribe(p, string(frames[0][1:]), frames[0][0] == 1)
		}
		return
	}
	l.mu.Lock()
	identity := p.identity
	l.mu.Unlock()
	select {
	case l.incoming <- append([][]byte{[]byte(identity)}, frames...):
	case <-l.done:
	case <-p.gone:
	}
}

// command takes a command of a peer: version 3.1 subscribes by one.
func (l *listener) command(p *peer, body []byte) {
	if topic, ok := bytes.CutPrefix(body, []byte("\x09SUBSCRIBE")); ok && l.kind == pub {
		l.subscribe(p, string(topic), true)
	} else if topic, ok := bytes.CutPrefix(body, []byte("\x06CANCEL")); ok && l.kind == pub {
		l.subscribe(p, string(topic), false)
	}
}

// subscribe adds or takes away a topic. Each counts: what was subscribed twice is to
// be cancelled twice.
func (l *listener) subscribe(p *peer, topic string, on bool) {
	const limit = 100
	l.mu.Lock()
	defer l.mu.Unlock()
	if on && len(p.topics) < limit && len(topic) < commandLimit {
		p.topics = append(p.topics, topic)
	} else if i := slices.Index(p.topics, topic); i >= 0 && !on {
		p.topics = slices.Delete(p.topics, i, i+1)
	}
}
