package jupyter

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The wire protocol of ZeroMQ, ZMTP 3.0 with the NULL mechanism, as the listening side
// speaks it. Source: https://rfc.zeromq.org/spec/23.

const (
	greetingSize = 64

	flagMore    = 1
	flagLong    = 2
	flagCommand = 4

	// messageLimit bounds what a peer can make the kernel hold: the bytes of a message,
	// each frame counted as at least frameOverhead of them.
	messageLimit  = 64 << 20
	frameOverhead = 1 << 10

	// commandLimit bounds a command: a handshake, a subscription.
	commandLimit = 1 << 16
)

var errZMTP = errors.New("the peer does not speak ZMTP 3 with the NULL mechanism")

// greeting is what both sides send first: signature, version 3.0, mechanism, filler.
func greeting() []byte {
	g := make([]byte, greetingSize)
	g[0], g[9], g[10] = 0xff, 0x7f, 3
	copy(g[12:32], "NULL")
	return g
}

// readGreeting reads and checks the greeting of a peer.
func readGreeting(r io.Reader) error {
	g := make([]byte, greetingSize)
	// What is not ZMTP ends here, before it could keep the rest back.
	if _, err := io.ReadFull(r, g[:11]); err != nil {
		return err
	}
	if g[0] != 0xff || g[9]&1 == 0 || g[10] < 3 {
		return errZMTP
	}
	if _, err := io.ReadFull(r, g[11:]); err != nil {
		return err
	}
	if string(bytes.TrimRight(g[12:32], "\x00")) != "NULL" {
		return errZMTP
	}
	return nil
}

// readFrame reads a frame of at most limit bytes. Memory grows with what has come, not
// with what the header claims.
func readFrame(r *bufio.Reader, limit int) (flags byte, body []byte, err error) {
	if flags, err = r.ReadByte(); err != nil {
		return 0, nil, err
	}
	if flags&^(flagMore|flagLong|flagCommand) != 0 {
		return 0, nil, errZMTP
	}
	var size uint64
	if flags&flagLong == 0 {
		b, err := r.ReadByte()
		if err != nil {
			return 0, nil, err
		}
		size = uint64(b)
	} else {
		var b [8]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return 0, nil, err
		}
		size = binary.BigEndian.Uint64(b[:])
	}
	if size > uint64(limit) {
		return 0, nil, fmt.Errorf("a frame of %d bytes, %d are allowed", size, limit)
	}
	if size <= 1<<16 {
		body = make([]byte, size)
		_, err = io.ReadFull(r, body)
		return flags, body, err
	}
	var buf bytes.Buffer
	if _, err := io.CopyN(&buf, r, int64(size)); err != nil {
		return 0, nil, err
	}
	return flags, buf.Bytes(), nil
}

// appendFrame appends a frame to b.
func appendFrame(b []byte, flags byte, body []byte) []byte {
	if len(body) > 255 {
		b = append(b, flags|flagLong)
		b = binary.BigEndian.AppendUint64(b, uint64(len(body)))
	} else {
		b = append(b, flags, byte(len(body)))
	}
	return append(b, body...)
}

// appendMessage appends the frames of a message to b.
func appendMessage(b []byte, frames [][]byte) []byte {
	for i, f := range frames {
		var flags byte
		if i < len(frames)-1 {
			flags = flagMore
		}
		b = appendFrame(b, flags, f)
	}
	return b
}

// ready is the command by which a side tells what socket it is.
func ready(socketType string) []byte {
	body := []byte("\x05READY\x0bSocket-Type")
	body = binary.BigEndian.AppendUint32(body, uint32(len(socketType)))
	body = append(body, socketType...)
	return appendFrame(nil, flagCommand, body)
}

// parseReady returns the type and the identity that a peer's READY tells.
func parseReady(body []byte) (socketType, identity string, err error) {
	rest, ok := bytes.CutPrefix(body, []byte("\x05READY"))
	if !ok {
		return "", "", errZMTP
	}
	for len(rest) > 0 {
		n := int(rest[0])
		if len(rest) < 1+n+4 {
			return "", "", errZMTP
		}
		name := string(rest[1 : 1+n])
		size := binary.BigEndian.Uint32(rest[1+n:])
		rest = rest[1+n+4:]
		if uint64(size) > uint64(len(rest)) {
			return "", "", errZMTP
		}
		value := string(rest[:size])
		rest = rest[size:]
		switch {
		case strings.EqualFold(name, "Socket-Type"):
			socketType = value
		case strings.EqualFold(name, "Identity"):
			identity = value
		}
	}
	return socketType, identity, nil
}
