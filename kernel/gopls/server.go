// Package gopls asks gopls, the language server of Go, to complete and to explain the code
// of cells. It knows nothing of a session: each question carries the whole file.
//
// A Server runs one gopls in a folder of its own, a workspace with the staged module. It
// is started by the first question and lives apart from what runs cells, so that neither
// waits for the other.
//
// Read server.go, ask.go, rpc.go. gopls: https://go.dev/gopls, as of v0.23.0.
package gopls

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/jupyter/process"
)

const stopGrace = 500 * time.Millisecond

// Server is a gopls that is started when it is needed. Its methods may be called from
// several goroutines.
type Server struct {
	home *gonb.Home

	mu      sync.Mutex
	running *running
	failed  error // why it cannot be started
	closed  bool
}

// New returns a server of an installation.
func New(home *gonb.Home) *Server { return &Server{home: home} }

// running is a gopls, ready or not.
type running struct {
	process *process.Process
	conn    *conn
	ready   chan struct{} // closed when it takes questions
	file    string        // the URI of the file that questions are about

	asking  sync.Mutex // held while the file must not change
	version int
}

// Close ends gopls.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	r := s.running
	s.mu.Unlock()
	if r != nil {
		r.process.Stop(stopGrace)
	}
}

// get returns the server that runs, and starts one where there is none.
func (s *Server) get() (*running, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, errEnded
	case s.failed != nil:
		return nil, s.failed
	case s.running != nil:
		select {
		case <-s.running.process.Done():
		default:
			return s.running, nil
		}
	}
	r, err := start(s.home)
	if err != nil {
		s.failed = err // it will not be otherwise the next time
		return nil, err
	}
	s.running = r
	return r, nil
}

// start starts gopls; it takes questions when ready is closed.
func start(home *gonb.Home) (*running, error) {
	if _, err := os.Stat(home.Gopls()); err != nil {
		return nil, err
	}
	r := &running{ready: make(chan struct{})}
	var folder string
	p, err := process.StartIn(func(dir string) (*exec.Cmd, error) {
		folder = filepath.Join(dir, "cell")
		if err := workspace(folder, home); err != nil {
			return nil, err
		}
		cmd := exec.Command(home.Gopls(), "serve")
		cmd.Dir, cmd.Env = folder, home.Environment()
		in, err := cmd.StdinPipe()
		if err != nil {
			return nil, err
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			return nil, err
		}
		r.conn = newConn(out, in, answer)
		return cmd, nil
	})
	if err != nil {
		return nil, err
	}
	r.process = p
	r.file = fileURI(filepath.Join(folder, "main.go"))
	go r.open(fileURI(folder))
	return r, nil
}

// workspace writes the module of a cell and a workspace with the staged module.
func workspace(dir string, home *gonb.Home) error {
	version, err := home.GoVersion()
	if err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	for name, text := range map[string]string{
		"go.mod":  fmt.Sprintf("module cell\n\ngo %s\n", version),
		"go.work": fmt.Sprintf("go %s\n\nuse (\n\t.\n\t%q\n)\n", version, home.Src()),
		"main.go": emptyFile,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

const emptyFile = "package main\n\nfunc main() {}\n"

// open introduces the client. A gopls with which that fails is ended.
func (r *running) open(folder string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var result json.RawMessage
	err := r.conn.call(ctx, "initialize", map[string]any{
		"processId": os.Getpid(), "rootUri": folder,
		"workspaceFolders":      []map[string]string{{"uri": folder, "name": "cell"}},
		"initializationOptions": settings(),
		"capabilities": map[string]any{
			"workspace": map[string]any{"configuration": true},
			"textDocument": map[string]any{
				"completion": map[string]any{"completionItem": map[string]any{"snippetSupport": false}},
				"hover":      map[string]any{"contentFormat": []string{"markdown", "plaintext"}},
			},
		},
	}, &result)
	if err == nil {
		err = r.conn.notify("initialized", struct{}{})
	}
	if err == nil {
		err = r.conn.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
			"uri": r.file, "languageId": "go", "version": 0, "text": emptyFile,
		}})
	}
	if err != nil {
		r.process.Kill()
		return
	}
	close(r.ready)
}

// settings ask for quick answers: no diagnostics while a person types.
func settings() map[string]any {
	return map[string]any{
		"diagnosticsTrigger": "Save", "staticcheck": false, "vulncheck": "Off",
		"completeUnimported": true, "usePlaceholders": false, "completionBudget": "1s", "linksInHover": false,
	}
}

// answer replies to requests of the server.
func answer(method string, params json.RawMessage) any {
	if method != "workspace/configuration" {
		return nil
	}
	var p struct {
		Items []json.RawMessage `json:"items"`
	}
	_ = json.Unmarshal(params, &p)
	list := make([]any, len(p.Items))
	for i := range list {
		list[i] = settings()
	}
	return list
}

func fileURI(path string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}
