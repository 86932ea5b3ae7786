package jupyter

import (
	"bytes"
	"context"
	"fmt"
)

// Ping sends a heartbeat and waits until it comes back. A kernel that is busy
// answers, one that hangs or died does not. Pings must not overlap.
func (s *Sockets) Ping(ctx context.Context) error {
	ping := []byte(NewID())
	// The empty frame is the envelope that a kernel's REP socket expects.
	if err := s.SendFrames(ctx, Heartbeat, [][]byte{{}, ping}); err != nil {
		return err
	}
	for {
		select {
		case pong, ok := <-s.pongs:
			if !ok {
				return fmt.Errorf("jupyter: hb: the connection ended")
			}
			if bytes.Equal(pong, ping) {
				return nil
			}
		case <-ctx.Done():
			return fmt.Errorf("jupyter: hb: the kernel did not answer: %w", context.Cause(ctx))
		}
	}
}

// collectPongs keeps the newest heartbeat that came back.
func (s *Sockets) collectPongs() {
	defer close(s.pongs)
	for {
		frames, err := s.sockets[Heartbeat].recv()
		if err != nil {
			return
		}
		if len(frames) == 0 {
			continue
		}
		select {
		case <-s.pongs: // one that no Ping waited for
		default:
		}
		s.pongs <- frames[len(frames)-1]
	}
}

// echo sends heartbeats back as they came, routing frames and all.
func (s *Sockets) echo() {
	for {
		frames, err := s.sockets[Heartbeat].recv()
		if err != nil {
			return
		}
		if err := s.SendFrames(s.ctx, Heartbeat, frames); err != nil {
			return
		}
	}
}
