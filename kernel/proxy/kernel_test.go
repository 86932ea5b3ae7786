//go:build unix

package proxy_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/jupyter"
	"github.com/golmm/golmm/kernel/jupyter/process"
	"github.com/golmm/golmm/kernel/proxy"
)

// The test binary is also the kernel: with fileVariable set to a connection file it
// serves it until SIGTERM.
const fileVariable = "GOLMM_TEST_CONNECTION"

func TestMain(m *testing.M) {
	file := os.Getenv(fileVariable)
	if file == "" {
		code := m.Run()
		if h, err := installed(); err == nil {
			_ = os.RemoveAll(h.Dir)
		}
		os.Exit(code)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	ctx, stop = process.WithParent(ctx)
	defer stop()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	home, err := gonb.Find()
	if err == nil {
		err = proxy.Serve(ctx, home, file, interrupts)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// realHome is an installation of this module with the real GoNB and goimports, the same
// for all tests.
func realHome(t *testing.T) *gonb.Home {
	t.Helper()
	h, err := installed()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

var installed = sync.OnceValues(func() (*gonb.Home, error) {
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return nil, err
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return nil, err
	}
	// The build cache knows packages by their folder: one of the same name each time.
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("golmm-proxy-test-%x", crc32.ChecksumIEEE([]byte(root))))
	if err := os.Mkdir(dir, 0o700); err != nil {
		if dir, err = os.MkdirTemp("", "golmm-proxy-test-"); err != nil {
			return nil, err
		}
	}
	h := &gonb.Home{Dir: dir, Manifest: gonb.Manifest{Go: goCommand, Version: "0.0.1"}}
	if err := errors.Join(os.MkdirAll(h.Bin(), 0o755), os.Symlink(root, h.Src())); err != nil {
		return nil, err
	}
	for _, args := range [][]string{
		{"build", "-o", h.GoNB(), "github.com/janpfeifer/gonb"},
		{"install", "golang.org/x/tools/cmd/goimports@v0.52.0"}, // the version of an installation
	} {
		cmd := exec.Command(goCommand, args...)
		cmd.Env = append(os.Environ(), "GOBIN="+h.Bin())
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("go %v: %w\n%s", args, err, out)
		}
	}
	return h, h.WriteManifest()
})

// kernelCommand is the kernel of an installation for a connection file.
func kernelCommand(h *gonb.Home, file string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fileVariable+"="+file, gonb.HomeVariable+"="+h.Dir)
	return cmd
}

// patience is how long a cell may take that builds the library from an empty cache on a
// busy machine.
const patience = 5 * time.Minute

// client is a front end.
type client struct {
	t       *testing.T
	ctx     context.Context
	id      string
	sockets *jupyter.Sockets
	kernel  *exec.Cmd
}

// viaShell in its environment makes start start the kernel by a shell, which is its client.
const viaShell = "GOLMM_TEST_VIA_SHELL=1"

// start starts a kernel with a folder for temporary files and connects to it.
func start(t *testing.T, h *gonb.Home, env ...string) *client {
	t.Helper()
	conn, err := jupyter.NewConnection("golmm")
	if err != nil {
		t.Fatal(err)
	}
	id := jupyter.NewID()
	file := filepath.Join(t.TempDir(), "kernel-"+id+".json")
	if err := conn.Write(file); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(cancel)
	c := &client{t: t, ctx: ctx, id: id, kernel: kernelCommand(h, file)}
	if slices.Contains(env, viaShell) {
		c.kernel.Path, c.kernel.Args = "/bin/sh", []string{"sh", "-c", `"$0"; exit`, os.Args[0]}
	}
	c.kernel.Env = append(c.kernel.Env, env...)
	c.kernel.Stderr = os.Stderr
	if err := c.kernel.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.kernel.Process.Signal(syscall.SIGTERM)
		_ = c.kernel.Wait()
	})
	if c.sockets, err = jupyter.Dial(ctx, conn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.sockets.Close() })
	for c.hear(c.send(jupyter.Shell, "kernel_info_request", struct{}{}), 200*time.Millisecond) == "" {
	}
	return c
}

func (c *client) send(ch jupyter.Channel, kind string, content any) string {
	c.t.Helper()
	m := jupyter.NewMessage(c.sockets.Session, kind, nil, content)
	if err := c.sockets.Send(c.ctx, ch, m); err != nil {
		c.t.Fatal(err)
	}
	return m.Header.MsgID
}

// hear returns the types and contents of what is published for a request until the
// kernel is idle, "" if nothing comes within patience.
func (c *client) hear(id string, patience time.Duration) string {
	c.t.Helper()
	limit := time.After(patience)
	var out strings.Builder
	for {
		select {
		case in := <-c.sockets.Received(jupyter.IOPub):
			m := in.Message
			if m == nil || m.Parent.MsgID != id {
				continue
			}
			fmt.Fprintf(&out, "%s %s\n", m.Header.MsgType, m.Content)
			if m.Header.MsgType == "status" && strings.Contains(string(m.Content), `"idle"`) {
				return out.String()
			}
		case <-limit:
			return ""
		case <-c.ctx.Done():
			c.t.Fatalf("no answer; heard:\n%s", out.String())
		}
	}
}

// reply returns the content of the reply to a request, others are passed over.
func (c *client) reply(ch jupyter.Channel, id string) map[string]any {
	c.t.Helper()
	for {
		select {
		case in := <-c.sockets.Received(ch):
			if in.Message == nil || in.Message.Parent.MsgID != id {
				continue
			}
			var v map[string]any
			if err := json.Unmarshal(in.Message.Content, &v); err != nil {
				c.t.Fatal(err)
			}
			return v
		case <-c.ctx.Done():
			c.t.Fatal("no reply")
		}
	}
}

func (c *client) ask(kind string, content any) map[string]any {
	c.t.Helper()
	return c.reply(jupyter.Shell, c.send(jupyter.Shell, kind, content))
}

func (c *client) execute(code string) (id string) {
	c.t.Helper()
	return c.send(jupyter.Shell, "execute_request", map[string]any{
		"code": code, "silent": false, "store_history": true, "allow_stdin": true, "stop_on_error": true,
	})
}

// run runs a cell and returns its reply and what it published.
func (c *client) run(code string) (reply map[string]any, heard string) {
	c.t.Helper()
	id := c.execute(code)
	reply = c.reply(jupyter.Shell, id)
	return reply, c.hear(id, patience)
}
