package jupyter

import "fmt"

// Channel names one of the five sockets of a kernel.
type Channel int

// The channels of the protocol.
const (
	Shell Channel = iota
	Control
	IOPub
	Stdin
	Heartbeat
)

// Channels returns all channels in order.
func Channels() []Channel { return []Channel{Shell, Control, IOPub, Stdin, Heartbeat} }

// String returns the name that connection files use: shell, control, iopub,
// stdin, hb.
func (c Channel) String() string {
	switch c {
	case Shell:
		return "shell"
	case Control:
		return "control"
	case IOPub:
		return "iopub"
	case Stdin:
		return "stdin"
	case Heartbeat:
		return "hb"
	}
	return fmt.Sprintf("Channel(%d)", int(c))
}
