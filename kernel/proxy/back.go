package proxy

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/jupyter"
	"github.com/golmm/golmm/kernel/jupyter/process"
)

const (
	startLimit = time.Minute
	startTries = 3
	stopGrace  = 500 * time.Millisecond

	// A socket's path may have 104 bytes on some systems; a port and its dash need 6.
	socketPathLimit = 104 - 6
)

// back is a running GoNB. A cell's process is in its process group, its files and
// sockets are in its folder for temporary files; both go when it ends.
type back struct {
	process *process.Process
	sockets *jupyter.Sockets
	stray   func(m *jupyter.Message, own bool) // takes what answers no call; own if it was asked by one
	mark    string                             // what the marks of displays begin with

	mu    sync.Mutex
	calls map[string]*call
	pumps sync.WaitGroup
}

// backOptions are what a back end is started with.
type backOptions struct {
	id     string // of the kernel, by which widgets in the page find it
	memory int64  // bytes that each program may have, 0 for any
	stray  func(m *jupyter.Message, own bool)
}

// startBack starts GoNB and returns when it answers.
func startBack(ctx context.Context, home *gonb.Home, opt backOptions) (*back, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("it was not ready after %v", startLimit))
	defer cancel()
	// Another program may take a port meanwhile.
	var err error
	for range startTries {
		var b *back
		if b, err = tryBack(ctx, home, opt); err == nil || ctx.Err() != nil {
			return b, err
		}
	}
	return nil, err
}

func tryBack(ctx context.Context, home *gonb.Home, opt backOptions) (*back, error) {
	var conn *jupyter.Connection
	mark := rand.Text()
	p, err := process.StartIn(func(dir string) (*exec.Cmd, error) {
		var err error
		if conn, err = connectionIn(dir); err != nil {
			return nil, err
		}
		file := filepath.Join(dir, "kernel-"+opt.id+".json") // from which GoNB has the id
		if err := conn.Write(file); err != nil {
			return nil, err
		}
		cmd := gonb.Command(home, file)
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		bin, err := withoutGopls(dir)
		if err != nil {
			return nil, err
		}
		cmd.Env = append(cmd.Env, markVariable+"="+mark, "PATH="+bin+string(os.PathListSeparator)+pathOf(cmd.Env))
		if opt.memory > 0 && os.Getenv("GOMEMLIMIT") == "" {
			cmd.Env = append(cmd.Env, fmt.Sprintf("GOMEMLIMIT=%d", opt.memory/10*9))
		}
		return cmd, nil
	})
	if err != nil {
		return nil, err
	}
	if opt.memory > 0 {
		_ = p.LimitMemory(opt.memory) // where the system has no limit, the kernel watches
	}
	b := &back{process: p, stray: opt.stray, mark: mark, calls: make(map[string]*call)}
	dial, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-p.Done():
			cancel(errGone)
		case <-dial.Done():
		}
	}()
	if b.sockets, err = jupyter.Dial(dial, conn); err != nil {
		p.Kill()
		return nil, fmt.Errorf("GoNB cannot be reached: %w", err)
	}
	for _, ch := range []jupyter.Channel{jupyter.Shell, jupyter.IOPub, jupyter.Stdin} {
		b.pumps.Go(func() { b.receive(ch) })
	}
	if err := b.awaitReady(dial); err != nil {
		b.stop()
		return nil, err
	}
	return b, nil
}

// withoutGopls returns a folder that, put in front of PATH, keeps GoNB from starting a
// gopls: GoNB would ask it between cells, while they wait. The kernel has its own. What
// is found there is no program; GoNB notes that in its log and goes on.
func withoutGopls(dir string) (bin string, err error) {
	bin = filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		return "", err
	}
	return bin, os.WriteFile(filepath.Join(bin, "gopls"), nil, 0o700)
}

// pathOf returns the value of PATH in an environment, the last one.
func pathOf(env []string) string {
	for _, kv := range slices.Backward(env) {
		if path, ok := strings.CutPrefix(kv, "PATH="); ok {
			return path
		}
	}
	return ""
}

// connectionIn returns a connection of sockets in a folder, or, where there can be
// none, of ports of the loopback address.
func connectionIn(dir string) (*jupyter.Connection, error) {
	conn, err := jupyter.NewConnection("golmm")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "s")
	if runtime.GOOS == "windows" || len(path) > socketPathLimit {
		return conn, nil
	}
	conn.Transport, conn.IP = "ipc", path
	conn.ShellPort, conn.IOPubPort, conn.StdinPort, conn.ControlPort, conn.HBPort = 1, 2, 3, 4, 5
	return conn, nil
}

// awaitReady asks until an answer comes on both shell and iopub: what is published
// before the subscription has arrived is lost. A busy machine gets longer each time.
func (b *back) awaitReady(ctx context.Context) error {
	for patience := 250 * time.Millisecond; ; patience *= 2 {
		ask, cancel := context.WithTimeout(ctx, patience)
		_, err := b.do(ask, "kernel_info_request", struct{}{}, nil)
		cancel()
		if err == nil || errors.Is(err, errGone) {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// stop ends GoNB and all that it started.
func (b *back) stop() {
	b.process.Stop(stopGrace)
	_ = b.sockets.Close()
	b.pumps.Wait()
}

// running returns the back end, nil while there is none.
func (k *Kernel) running() *back {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.back
}

// stopBack ends the back end, if there is one.
func (k *Kernel) stopBack() {
	k.mu.Lock()
	b := k.back
	k.back = nil
	k.mu.Unlock()
	if b != nil {
		b.stop()
	}
}

// ready returns the back end and starts one where there is none or it has died; the
// session then begins anew.
func (k *Kernel) ready() (*back, error) {
	if b := k.running(); b != nil {
		select {
		case <-b.process.Done():
			k.stopBack()
		default:
			return b, nil
		}
	}
	k.mu.Lock()
	closing := k.closing
	k.mu.Unlock()
	if closing {
		return nil, errors.New("the kernel shuts down")
	}
	b, err := startBack(k.ctx, k.home, backOptions{id: k.id, memory: k.memory, stray: k.stray})
	if err != nil {
		return nil, err
	}
	if os.Getenv("GOLMM_AUTOGET") != "1" {
		_, _ = b.do(k.ctx, "execute_request", executeContent("%noautoget", true, false), nil)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.back, k.session = b, k.newSession()
	return b, nil
}
