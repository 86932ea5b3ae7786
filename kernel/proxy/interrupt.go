package proxy

import "time"

const (
	// One that comes between the build of a cell and its start reaches nobody.
	interruptEvery = 500 * time.Millisecond

	// GoNB kills a cell 5 seconds after it was interrupted, a build may come before.
	interruptGrace = 30 * time.Second
)

// interrupt makes the cell that runs end. Without one it does nothing.
func (k *Kernel) interrupt() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.current != nil {
		k.current.stop()
	}
}

// insist repeats the interrupt until the cell has ended, and ends the back end where
// that does not help.
func (e *execution) insist() {
	select {
	case <-e.interrupted:
	case <-e.ended:
		return
	}
	again := time.NewTicker(interruptEvery)
	defer again.Stop()
	giveUp := time.After(interruptGrace)
	for {
		if b := e.k.running(); b != nil {
			_ = b.process.Interrupt()
		}
		select {
		case <-again.C:
		case <-giveUp:
			e.k.stopBack()
			return
		case <-e.ended:
			return
		}
	}
}

// stop marks the cell as interrupted.
func (e *execution) stop() { e.once.Do(func() { close(e.interrupted) }) }

func (e *execution) isInterrupted() bool {
	select {
	case <-e.interrupted:
		return true
	default:
		return false
	}
}
