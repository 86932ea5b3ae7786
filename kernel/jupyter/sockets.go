package jupyter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// Incoming is what came over a socket: a message, or the reason why something that
// came is none (a *MessageError), or why nothing more will come.
type Incoming struct {
	Message *Message
	Err     error
}

// Sockets are the sockets of one side of a connection, made by Dial or Listen. Its
// methods may be called from several goroutines.
type Sockets struct {
	Connection *Connection
	Session    string // goes into the headers of messages made with it

	codec    Codec
	ctx      context.Context
	cancel   context.CancelFunc
	sockets  map[Channel]zmq4.Socket
	send     map[Channel]*sync.Mutex
	received map[Channel]chan Incoming
	pongs    chan []byte // heartbeats that came back, front end only
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
	// The kernel routes answers by identity: stdin must have that of shell.
	opts := options(zmq4.WithID(zmq4.SocketIdentity(s.Session)))
	for _, ch := range Channels() {
		if ch == IOPub {
			s.sockets[ch] = zmq4.NewSub(s.ctx, opts...)
		} else {
			s.sockets[ch] = zmq4.NewDealer(s.ctx, opts...)
		}
	}
	if err := s.sockets[IOPub].SetOption(zmq4.OptionSubscribe, ""); err != nil {
		s.Close()
		return nil, fmt.Errorf("jupyter: iopub: %w", err)
	}
	dialed := make(chan error, len(Channels()))
	for _, ch := range Channels() {
		go func() {
			err := s.sockets[ch].Dial(conn.Endpoint(ch))
			if err != nil {
				err = fmt.Errorf("jupyter: %s: %w", ch, err)
			}
			dialed <- err
		}()
	}
	for range Channels() {
		select {
		case err = <-dialed:
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
	s.pongs = make(chan []byte, 1)
	s.pumps.Go(s.collectPongs)
	return s, nil
}

// Listen binds the kernel's side of conn: shell, control and stdin route, iopub
// publishes, the heartbeat is answered. A port that is taken is an error.
func Listen(conn *Connection) (*Sockets, error) {
	s, err := newSockets(conn)
	if err != nil {
		return nil, err
	}
	for _, ch := range Channels() {
		if ch == IOPub {
			s.sockets[ch] = zmq4.NewPub(s.ctx, options()...)
		} else {
			s.sockets[ch] = zmq4.NewRouter(s.ctx, options()...)
		}
	}
	for _, ch := range Channels() {
		if err := s.sockets[ch].Listen(conn.Endpoint(ch)); err != nil {
			s.Close()
			return nil, fmt.Errorf("jupyter: %s: %w", ch, err)
		}
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
		sockets:    make(map[Channel]zmq4.Socket),
		send:       make(map[Channel]*sync.Mutex),
		received:   make(map[Channel]chan Incoming),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	for _, ch := range Channels() {
		s.send[ch] = new(sync.Mutex)
	}
	return s, nil
}

// options are those of every socket: a kernel that starts is tried often, a lost
// connection is not mended (the kernel died), and the library logs nothing.
func options(more ...zmq4.Option) []zmq4.Option {
	return append([]zmq4.Option{
		zmq4.WithDialerRetry(10 * time.Millisecond), zmq4.WithDialerMaxRetries(-1),
		zmq4.WithLogger(log.New(io.Discard, "", 0)),
	}, more...)
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
	done := make(chan error, 1)
	go func() {
		s.send[ch].Lock()
		defer s.send[ch].Unlock()
		done <- s.sockets[ch].SendMulti(zmq4.NewMsgFrom(frames...))
	}()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("jupyter: %s: %w", ch, err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("jupyter: %s: the message could not be sent: %w", ch, context.Cause(ctx))
	}
}

// Close closes all sockets. What was sent just before may be lost.
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
			raw, err := s.sockets[ch].Recv()
			if err != nil {
				in.Err = fmt.Errorf("jupyter: %s: the connection ended: %w", ch, err)
			} else {
				in.Message, in.Err = s.codec.Decode(raw.Frames)
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
