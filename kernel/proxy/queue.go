package proxy

import (
	"context"
	"sync"
	"time"

	"github.com/golmm/golmm/kernel/jupyter"
)

// queued is an execute_request and when it came.
type queued struct {
	message *jupyter.Message
	came    time.Time
}

// queue holds the cells that wait. It has no bound: Run All sends all at once.
type queue struct {
	mu    sync.Mutex
	list  []queued
	ready chan struct{} // holds a value while the list may have one
}

func newQueue() *queue { return &queue{ready: make(chan struct{}, 1)} }

func (q *queue) add(m *jupyter.Message) {
	q.mu.Lock()
	q.list = append(q.list, queued{m, time.Now()})
	q.mu.Unlock()
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// next waits for a cell. ok is false when ctx has ended.
func (q *queue) next(ctx context.Context) (next queued, ok bool) {
	for {
		q.mu.Lock()
		if len(q.list) > 0 {
			next, q.list = q.list[0], q.list[1:]
			q.mu.Unlock()
			return next, ctx.Err() == nil
		}
		q.mu.Unlock()
		select {
		case <-q.ready:
		case <-ctx.Done():
			return queued{}, false
		}
	}
}

// settle is how long after a cell came the next cells of a Run All may still be on
// their way.
const settle = 50 * time.Millisecond

// abort returns the cells that wait behind one that came at a time and failed, and takes
// them out. Where it failed at once, it waits for those that are on their way.
func (q *queue) abort(came time.Time) []queued {
	time.Sleep(time.Until(came.Add(settle)))
	return q.clear()
}

// clear returns all cells that wait and takes them out.
func (q *queue) clear() []queued {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := q.list
	q.list = nil
	return list
}
