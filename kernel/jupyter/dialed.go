package jupyter

import (
	"context"
	"fmt"
	"io"
	"log"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// dialed is a socket of a front end.
type dialed struct {
	zmq4.Socket
	sending sync.Mutex
}

// newDialed returns a socket that tries often to reach a kernel that starts. A lost
// connection is not mended: the kernel died. The library logs nothing.
func newDialed(ctx context.Context, ch Channel, identity string) (*dialed, error) {
	opts := []zmq4.Option{
		zmq4.WithDialerRetry(10 * time.Millisecond), zmq4.WithDialerMaxRetries(-1),
		zmq4.WithLogger(log.New(io.Discard, "", 0)),
		// The kernel routes answers by identity: stdin must have that of shell.
		zmq4.WithID(zmq4.SocketIdentity(identity)),
	}
	if ch != IOPub {
		return &dialed{Socket: zmq4.NewDealer(ctx, opts...)}, nil
	}
	sub := zmq4.NewSub(ctx, opts...)
	return &dialed{Socket: sub}, sub.SetOption(zmq4.OptionSubscribe, "")
}

// send gives up when ctx ends; the message goes out all the same once there is room.
func (d *dialed) send(ctx context.Context, frames [][]byte) error {
	done := make(chan error, 1)
	go func() {
		d.sending.Lock()
		defer d.sending.Unlock()
		done <- d.SendMulti(zmq4.NewMsgFrom(frames...))
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("the message could not be sent: %w", context.Cause(ctx))
	}
}

func (d *dialed) recv() ([][]byte, error) {
	m, err := d.Recv()
	return m.Frames, err
}
