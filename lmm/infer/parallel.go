package infer

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// each calls f(worker, i) for i = from ... to-1 on the given number of workers,
// 0 for all processors.
func each(workers, from, to int, f func(worker, i int)) {
	var next atomic.Int64
	next.Store(int64(from))
	var wg sync.WaitGroup
	for w := range workerCount(workers, to-from) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < to; i = int(next.Add(1)) - 1 {
				f(w, i)
			}
		})
	}
	wg.Wait()
}

func workerCount(workers, n int) int {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return max(0, min(workers, n))
}
