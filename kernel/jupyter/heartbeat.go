package jupyter

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
