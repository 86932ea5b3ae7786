package jupyter

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Incoming is what came over a socket: a message, or the reason why something that
// came is none (a *MessageError), or why nothing more will come.
type Incoming struct {
	Message *Message
	Err     error
}

// socket is one of them: dialed by a front end or a listener of the kernel.
type socket interface {
	send(ctx context.Context, frames [][]byte) error
	recv() ([][]byte, error)
	Close() error
}

// Sockets are the sockets of one side of a connection, made by Dial or Listen. Its
// methods may be called from several goroutines.
type Sockets struct {
	Connection *Connection
	Session    string // goes into the headers of messages made with it

	codec    Codec
	ctx      context.Context
	cancel   context.CancelFunc
	sockets  map[Channel]socket
	received map[Channel]chan Incoming
	pumps    sync.WaitGroup
}

// Dial connects a front end to the kernel behind conn: all five sockets, iopub
// subscribed to everything. It waits for a kernel that is still starting until ctx
// ends; the sockets live on after ctx.
//
// A subscription needs a moment to reach the kernel, and what the kernel publishes
// before is lost: ask for kernel_info until an iopub message answers it.
func Dial(ctx context.Context, conn *Connection) (*Sockets, error) {
	s, err := newSockets(conn)
	if err != nil {
		return nil, err
	}
	for _, ch := range Channels() {
		if s.sockets[ch], err = newDialed(s.ctx, ch, s.Session); err != nil {
			s.Close()
			return nil, fmt.Errorf("jupyter: %s: %w", ch, err)
		}
	}
	connected := make(chan error, len(Channels()))
	for _, ch := range Channels() {
		go func() {
			err := s.sockets[ch].(*dialed).Dial(conn.Endpoint(ch))
			if err != nil {
				err = fmt.Errorf("jupyter: %s: %w", ch, err)
			}
			connected <- err
		}()
	}
	for range Channels() {
		select {
		case err = <-connected:
		case <-ctx.Done():
			err = fmt.Errorf("jupyter: no kernel answered on %s: %w", conn.Endpoint(Shell), context.Cause(ctx))
		}
		if err != nil {
			s.Close()
			return nil, err
		}
	}
	for _, ch := range []Channel{Shell, Control, IOPub, Stdin} {
		s.pump(ch)
	}
	return s, nil
}

// Listen binds the kernel's side of conn: shell, control and stdin route, iopub
// publishes, the heartbeat is answered. A port that is taken is an error.
//
// Anybody who can reach the sockets may connect. What they send without the key, or
// not by the protocol, is passed over or ends their own connection; a message may have
// 64 MiB. A front end that leaves 64 MiB unread misses what comes then.
func Listen(conn *Connection) (*Sockets, error) {
	s, err := newSockets(conn)
	if err != nil {
		return nil, err
	}
	for _, ch := range Channels() {
		kind := router
		if ch == IOPub {
			kind = pub
		}
		l, err := listen(kind, conn.Endpoint(ch))
		if err != nil {
			s.Close()
			return nil, fmt.Errorf("jupyter: %s: %w", ch, err)
		}
		s.sockets[ch] = l
	}
	for _, ch := range []Channel{Shell, Control, Stdin} {
		s.pump(ch)
	}
	s.pumps.Go(s.echo)
	return s, nil
}

func newSockets(conn *Connection) (*Sockets, error) {
	if err := conn.Validate(); err != nil {
		return nil, err
	}
	s := &Sockets{
		Connection: conn,
		Session:    NewID(),
		codec:      Codec{Key: []byte(conn.Key)},
		sockets:    make(map[Channel]socket),
		received:   make(map[Channel]chan Incoming),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s, nil
}

// Received returns what comes over shell, control, iopub (front end only) or stdin.
// A value with an Err that is no *MessageError is the last; then the channel is
// closed. Other Errs can be passed over. While nobody receives, the sender waits.
func (s *Sockets) Received(ch Channel) <-chan Incoming { return s.received[ch] }

// Send sends m over a channel. It gives up when ctx ends; the socket may then have
// sent a part, and should be closed.
func (s *Sockets) Send(ctx context.Context, ch Channel, m *Message) error {
	frames, err := s.codec.Encode(m)
	if err != nil {
		return err
	}
	return s.SendFrames(ctx, ch, frames)
}

// SendFrames sends frames as they are, for who forwards messages unread.
func (s *Sockets) SendFrames(ctx context.Context, ch Channel, frames [][]byte) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("jupyter: %s: %w", ch, context.Cause(ctx))
	}
	if err := s.sockets[ch].send(ctx, frames); err != nil {
		return fmt.Errorf("jupyter: %s: %w", ch, err)
	}
	return nil
}

// Close closes all sockets. What a front end sent just before may be lost; a kernel
// goes on sending for two seconds.
func (s *Sockets) Close() error {
	s.cancel()
	var errs []error
	for _, ch := range Channels() {
		if sck := s.sockets[ch]; sck != nil {
			errs = append(errs, sck.Close())
		}
	}
	s.pumps.Wait()
	return errors.Join(errs...)
}

// pump decodes what comes over a socket into its Go channel.
func (s *Sockets) pump(ch Channel) {
	out := make(chan Incoming, 16)
	s.received[ch] = out
	s.pumps.Go(func() {
		defer close(out)
		for {
			var in Incoming
			frames, err := s.sockets[ch].recv()
			if err != nil {
				in.Err = fmt.Errorf("jupyter: %s: the connection ended: %w", ch, err)
			} else {
				in.Message, in.Err = s.codec.Decode(frames)
			}
			select {
			case out <- in:
			case <-s.ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	})
}
