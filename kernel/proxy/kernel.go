package proxy

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"sync"

	"github.com/golmm/golmm/kernel/cell"
	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/gopls"
	"github.com/golmm/golmm/kernel/jupyter"
)

// Kernel is a running kernel.
type Kernel struct {
	home  *gonb.Home
	id    string
	front *jupyter.Sockets
	limit int // bytes of output of a cell

	memory int64 // bytes that each program of a cell may have, 0 for any
	note   error // what the first cell says, nil for nothing

	ctx context.Context
	end context.CancelFunc

	gopls   *gopls.Server
	queue   *queue
	history history
	columns columns

	statusMu sync.Mutex
	busy     *jupyter.Message // the cell that the kernel was last said to run, nil for none

	mu      sync.Mutex
	session *cell.Session
	back    *back      // nil while none runs
	current *execution // nil while no cell runs
	closing bool       // no back end is to be started
}

// Serve is the kernel behind a connection file. It returns when the front end asks for
// a shutdown or ctx ends, and leaves no process and no file of the back end. Each value
// of interrupts interrupts the cell that runs, as an interrupt_request does.
//
// The error is a *gonb.HomeError where the installation cannot be used, and a
// *jupyter.ConnectionError or that of a socket where the connection cannot be made.
func Serve(ctx context.Context, home *gonb.Home, connectionFile string, interrupts <-chan os.Signal) error {
	conn, err := jupyter.ReadConnection(connectionFile)
	if err != nil {
		return err
	}
	if err := home.Check(ctx); err != nil {
		return err
	}
	front, err := jupyter.Listen(conn)
	if err != nil {
		return err
	}
	k := &Kernel{home: home, id: kernelID(connectionFile), front: front, limit: outputLimit(), gopls: gopls.New(home), queue: newQueue()}
	k.memory, k.note = gonb.MemoryLimit(ctx)
	k.ctx, k.end = context.WithCancel(ctx)
	k.session = k.newSession()
	var loops sync.WaitGroup
	loops.Go(func() { k.serve(jupyter.Shell) })
	loops.Go(func() { k.serve(jupyter.Control) })
	loops.Go(k.passInput)
	loops.Go(k.work)
	for done := false; !done; {
		select {
		case <-interrupts:
			k.interrupt()
		case <-k.ctx.Done():
			done = true
		}
	}
	k.end()
	k.gopls.Close()
	k.stopBack()
	err = front.Close()
	loops.Wait()
	k.stopBack() // one that was just being started
	return err
}

var idForm = regexp.MustCompile(`^kernel-([0-9a-f-]+)\.json$`)

// kernelID returns the id by which a Jupyter server knows the kernel, which stands in the
// name of the connection file, or one of its own.
func kernelID(connectionFile string) string {
	if m := idForm.FindStringSubmatch(filepath.Base(connectionFile)); m != nil {
		return m[1]
	}
	return jupyter.NewID()
}

func (k *Kernel) newSession() *cell.Session {
	return cell.NewSession(cell.Options{
		Module: os.DirFS(k.home.Src()), ReadFile: os.ReadFile, Columns: k.columns.of,
	})
}

// cells returns the session, which a new back end replaces.
func (k *Kernel) cells() *cell.Session {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.session
}
