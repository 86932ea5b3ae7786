package proxy

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/golmm/golmm/kernel/jupyter"
)

// A cell that fails at once takes those with it that come right behind it, and no other;
// one that ran a while does not wait for more.
func TestAbort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		message := func(code string) *jupyter.Message {
			return jupyter.NewMessage("s", "execute_request", nil, map[string]string{"code": code})
		}
		q := newQueue()
		q.add(message("bad"))
		bad, ok := q.next(t.Context())
		if !ok {
			t.Fatal("nothing waits")
		}
		behind := []*jupyter.Message{message("at once"), message("on its way")}
		q.add(behind[0])
		go func() {
			time.Sleep(settle - time.Millisecond)
			q.add(behind[1])
		}()
		aborted := q.abort(bad.came)
		if len(aborted) != 2 || aborted[0].message != behind[0] || aborted[1].message != behind[1] {
			t.Errorf("%d cells are aborted", len(aborted))
		}
		q.add(message("later"))
		if _, ok := q.next(t.Context()); !ok {
			t.Error("a cell that came after it is lost")
		}
		time.Sleep(settle)
		began := time.Now()
		if aborted := q.abort(bad.came); len(aborted) != 0 || time.Now() != began {
			t.Errorf("%d cells, after %v", len(aborted), time.Since(began))
		}
	})
}
