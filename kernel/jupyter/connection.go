package jupyter

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// SignatureScheme is the one way of signing that the protocol names.
const SignatureScheme = "hmac-sha256"

// Connection is the content of a connection file: where the five sockets of a
// kernel are, and the key that signs their messages.
type Connection struct {
	ShellPort       int    `json:"shell_port"`
	IOPubPort       int    `json:"iopub_port"`
	StdinPort       int    `json:"stdin_port"`
	ControlPort     int    `json:"control_port"`
	HBPort          int    `json:"hb_port"`
	IP              string `json:"ip"` // for the transport ipc: the path that the ports are appended to
	Key             string `json:"key"`
	Transport       string `json:"transport"` // tcp or ipc
	SignatureScheme string `json:"signature_scheme"`
	KernelName      string `json:"kernel_name"`
}

// ConnectionError tells what is wrong with a connection file or its content.
type ConnectionError struct {
	Path string // "" if the connection did not come from a file
	Msg  string
	Err  error // the cause, or nil
}

func (e *ConnectionError) Error() string {
	where := "connection"
	if e.Path != "" {
		where = "connection file " + e.Path
	}
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", where, e.Msg, e.Err)
	}
	return where + ": " + e.Msg
}

func (e *ConnectionError) Unwrap() error { return e.Err }

// NewConnection returns a connection on the loopback address with a random key
// and five ports that were free a moment ago. Another program may take one of
// them before the kernel binds it: whoever starts a kernel should then try again
// with a new connection.
func NewConnection(kernelName string) (*Connection, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("jupyter: no random bytes for a key: %w", err)
	}
	const ip = "127.0.0.1"
	ports, err := FreePorts(ip, 5)
	if err != nil {
		return nil, err
	}
	return &Connection{
		ShellPort: ports[0], IOPubPort: ports[1], StdinPort: ports[2], ControlPort: ports[3], HBPort: ports[4],
		IP: ip, Key: hex.EncodeToString(key), Transport: "tcp", SignatureScheme: SignatureScheme, KernelName: kernelName,
	}, nil
}

// FreePorts returns n different TCP ports of ip that nothing listens on. All are
// held open until the last is found, so that none comes twice.
func FreePorts(ip string, n int) ([]int, error) {
	ports := make([]int, 0, n)
	for range n {
		l, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
		if err != nil {
			return nil, fmt.Errorf("jupyter: no free port on %s: %w", ip, err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// ReadConnection reads and checks a connection file.
// Its error is a *ConnectionError.
func ReadConnection(path string) (*Connection, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, &ConnectionError{Path: path, Msg: "cannot be read", Err: err}
	}
	c := new(Connection)
	if err := json.Unmarshal(b, c); err != nil {
		return nil, &ConnectionError{Path: path, Msg: "is not the JSON of a connection", Err: err}
	}
	if err := c.Validate(); err != nil {
		var ce *ConnectionError
		if errors.As(err, &ce) {
			ce.Path = path
		}
		return nil, err
	}
	return c, nil
}

// Validate tells whether sockets can be made from c: a known transport and
// signature scheme, an address, five different ports.
// Its error is a *ConnectionError.
func (c *Connection) Validate() error {
	fail := func(format string, args ...any) error {
		return &ConnectionError{Msg: fmt.Sprintf(format, args...)}
	}
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return fail("transport is %q, it must be tcp or ipc", c.Transport)
	}
	if c.IP == "" {
		return fail("ip is empty")
	}
	if c.SignatureScheme != SignatureScheme && c.Key != "" {
		return fail("signature_scheme is %q, only %s is known", c.SignatureScheme, SignatureScheme)
	}
	seen := make(map[int]Channel)
	for _, ch := range Channels() {
		p := c.Port(ch)
		if p < 1 || p > 65535 {
			return fail("%s_port is %d, it must be between 1 and 65535", ch, p)
		}
		if other, ok := seen[p]; ok {
			return fail("%s_port and %s_port are both %d", other, ch, p)
		}
		seen[p] = ch
	}
	return nil
}

// Write writes c to path, readable by its owner alone because it holds the key.
// The file appears whole or not at all.
func (c *Connection) Write(path string) error {
	b, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return &ConnectionError{Path: path, Msg: "cannot be written", Err: err}
	}
	if err := writeFile(path, append(b, '\n'), 0o600); err != nil {
		return &ConnectionError{Path: path, Msg: "cannot be written", Err: err}
	}
	return nil
}

// Port returns the port of a channel.
func (c *Connection) Port(ch Channel) int {
	switch ch {
	case Shell:
		return c.ShellPort
	case Control:
		return c.ControlPort
	case IOPub:
		return c.IOPubPort
	case Stdin:
		return c.StdinPort
	case Heartbeat:
		return c.HBPort
	}
	panic("jupyter: unknown channel")
}

// Endpoint returns the ZeroMQ address of a channel: tcp://ip:port or ipc://path-port.
func (c *Connection) Endpoint(ch Channel) string {
	port := strconv.Itoa(c.Port(ch))
	if c.Transport == "ipc" {
		return "ipc://" + c.IP + "-" + port
	}
	return "tcp://" + net.JoinHostPort(c.IP, port)
}

// writeFile writes b to a temporary file beside path and renames it.
func writeFile(path string, b []byte, mode os.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err2 := f.Chmod(mode); err == nil {
		err = err2
	}
	if err2 := f.Close(); err == nil {
		err = err2
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
