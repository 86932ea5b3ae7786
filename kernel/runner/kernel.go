package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/golmm/golmm/kernel/jupyter"
	"github.com/golmm/golmm/kernel/jupyter/process"
)

// kernel is a running kernel and the sockets to it.
type kernel struct {
	process *process.Process
	sockets *jupyter.Sockets
	output  *tail
	dir     string // of the connection file
	shown   map[string][]*output
}

// startKernel starts a kernel and returns when it answers on shell and is heard on
// iopub. A port that another program took meanwhile costs a new attempt.
func startKernel(ctx context.Context, opt *Options) (*kernel, error) {
	for attempt := 1; ; attempt++ {
		k, conn, err := tryKernel(ctx, opt)
		if err == nil {
			return k, nil
		}
		if conn == nil || attempt == 3 || ctx.Err() != nil || !portTaken(conn) {
			return nil, err
		}
	}
}

func tryKernel(ctx context.Context, opt *Options) (*kernel, *jupyter.Connection, error) {
	conn, err := jupyter.NewConnection("golmm")
	if err != nil {
		return nil, nil, &KernelError{Msg: "no ports for it", Err: err}
	}
	k := &kernel{output: new(tail), shown: make(map[string][]*output)}
	if k.dir, err = os.MkdirTemp("", "golmm-run-"); err != nil {
		return nil, nil, &KernelError{Msg: "no folder for its connection file", Err: err}
	}
	// GoNB reads an id from a name of this form.
	file := filepath.Join(k.dir, "kernel-"+jupyter.NewID()+".json")
	if err := conn.Write(file); err != nil {
		k.stop()
		return nil, nil, &KernelError{Msg: "it could not be told its ports", Err: err}
	}
	cmd := opt.Kernel(file)
	if opt.Dir != "" {
		cmd.Dir = opt.Dir
	}
	k.listenTo(cmd)
	if k.process, err = process.Start(cmd); err != nil {
		k.stop()
		return nil, nil, &KernelError{Msg: "it does not start", Err: err}
	}
	limit := opt.StartTimeout
	if limit == 0 {
		limit = defaultStartTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it was not ready after %v", limit))
	defer cancel()
	if err := k.connect(ctx, conn); err != nil {
		k.stop()
		return nil, conn, err
	}
	return k, conn, nil
}

// listenTo keeps the end of what the kernel prints, for the report of its death.
func (k *kernel) listenTo(cmd *exec.Cmd) {
	tee := func(w io.Writer) io.Writer {
		if w == nil {
			return k.output
		}
		return io.MultiWriter(w, k.output)
	}
	cmd.Stdout, cmd.Stderr = tee(cmd.Stdout), tee(cmd.Stderr)
}

// connect dials and waits until the kernel is ready.
func (k *kernel) connect(ctx context.Context, conn *jupyter.Connection) error {
	// The death of the kernel ends the dialling.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	dialled := make(chan struct{})
	defer close(dialled)
	go func() {
		select {
		case <-k.process.Done():
			cancel(errDied)
		case <-dialled:
		}
	}()
	var err error
	k.sockets, err = jupyter.Dial(ctx, conn)
	if err == nil {
		err = k.awaitReady(ctx)
	}
	switch cause := context.Cause(ctx); {
	case err == nil:
		return nil
	case errors.Is(cause, errDied):
		return k.died("it ended while it started")
	case cause != nil:
		return &KernelError{Msg: "no answer", Err: cause, Output: k.output.String()}
	}
	return &KernelError{Msg: "no connection to it", Err: err, Output: k.output.String()}
}

var errDied = errors.New("it ended")

// awaitReady asks for kernel_info until a reply has come and, by iopub, a status that
// answers one of the requests. What is published before the subscription arrives is
// lost, so the request is repeated.
func (k *kernel) awaitReady(ctx context.Context) error {
	asked := make(map[string]bool)
	ask := func() error {
		m := jupyter.NewMessage(k.sockets.Session, "kernel_info_request", nil, struct{}{})
		asked[m.Header.MsgID] = true
		return k.sockets.Send(ctx, jupyter.Shell, m)
	}
	if err := ask(); err != nil {
		return err
	}
	const patience = 250 * time.Millisecond
	again := time.NewTimer(time.Hour)
	defer again.Stop()
	replied, heard := false, false
	for !replied || !heard {
		select {
		case in := <-k.sockets.Received(jupyter.Shell):
			if ended(in) {
				return k.lost(in)
			}
			if in.Message != nil && asked[in.Message.Parent.MsgID] {
				replied = true
				again.Reset(patience)
			}
		case in := <-k.sockets.Received(jupyter.IOPub):
			if ended(in) {
				return k.lost(in)
			}
			if in.Message != nil && asked[in.Message.Parent.MsgID] {
				heard = true
			}
		case <-again.C:
			if err := ask(); err != nil {
				return err
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// ended tells whether a channel has nothing more to give. Invalid messages are
// passed over: they are not the kernel's.
func ended(in jupyter.Incoming) bool {
	var invalid *jupyter.MessageError
	return in.Message == nil && !errors.As(in.Err, &invalid)
}

// lost reports the end of a connection, which is most often that of the kernel.
func (k *kernel) lost(in jupyter.Incoming) error {
	select {
	case <-k.process.Done():
		return k.died("it died")
	case <-time.After(lostGrace):
		return &KernelError{Msg: "it closed the connection", Err: in.Err, Output: k.output.String()}
	}
}

func (k *kernel) died(msg string) error {
	return &KernelError{Msg: msg, Err: k.process.Err(), Output: k.output.String()}
}

// stop ends the kernel: by request, else by signal, else by force.
func (k *kernel) stop() {
	if k.process != nil {
		k.requestShutdown()
		k.process.Stop(stopGrace)
	}
	if k.sockets != nil {
		_ = k.sockets.Close()
	}
	_ = os.RemoveAll(k.dir)
}

func (k *kernel) requestShutdown() {
	if k.sockets == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	m := jupyter.NewMessage(k.sockets.Session, "shutdown_request", nil, map[string]bool{"restart": false})
	if k.sockets.Send(ctx, jupyter.Control, m) != nil {
		return
	}
	select {
	case <-k.process.Done():
	case <-ctx.Done():
	}
}

// portTaken tells whether somebody listens on a port of a kernel that has ended.
func portTaken(conn *jupyter.Connection) bool {
	for _, ch := range jupyter.Channels() {
		l, err := net.Listen("tcp", net.JoinHostPort(conn.IP, strconv.Itoa(conn.Port(ch))))
		if err != nil {
			return true
		}
		_ = l.Close()
	}
	return false
}
