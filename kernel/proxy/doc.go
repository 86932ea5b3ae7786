// Package proxy is the kernel that Jupyter talks to. It runs GoNB as its back end
// and answers itself whatever GoNB does not, or not while a cell runs.
//
//	front end  <- jupyter.Listen ->  Kernel  <- jupyter.Dial ->  GoNB  <- pipes ->  a cell's process
//
// The front end's requests never reach GoNB as they are: each becomes a request of
// the kernel's own, and what GoNB answers goes out under the header of the original.
//
//	execute      queued; rewritten by package cell, run by GoNB, its errors explained
//	complete     package cell first, else gopls within a time limit
//	inspect      gopls within a time limit
//	kernel_info, is_complete, history, comm_info, heartbeat    answered here
//	comm_open, comm_msg, comm_close, input_reply    passed through
//	interrupt    repeated until the cell has ended: GoNB forgets one while it compiles
//	shutdown     ends GoNB and the kernel
//
// After a cell that failed, the cells that wait are aborted. A back end that dies is
// started again, and the cell that it ran fails with a reason.
//
// # Limits
//
// GOLMM_OUTPUT_LIMIT is the output in bytes that a cell may show; the rest is left
// out with a note. The default is 8388608.
//
// GOLMM_MEMORY_LIMIT is the memory that each program of a cell may have, such as 8G; off
// for any. The default is three quarters of the machine's or the container's, see
// gonb.MemoryLimit. On Linux it is the limit of the system on private memory; elsewhere,
// and for other memory, the kernel looks every 0.1 or 1 s what is resident.
//
// A cell that reads standard input is asked for a line where the front end allows it,
// else it fails. The kernel sees who waits for input on Linux. On other systems only
// gonbui.RequestInput asks, and a program that reads without it waits for an interrupt.
//
// GOLMM_AUTOGET=1 lets GoNB fetch modules that a cell imports. Otherwise cells have
// the modules of the installation and need no network.
//
// GoNB reads text and displays of a cell from two pipes. What package nb displays comes
// in order with the text, by marks that it prints; what a cell displays by gonbui itself
// may come before text that was printed first, and so may text on standard error.
//
// The first completion that package cell does not know starts gopls, which takes seconds
// and a few hundred megabytes; until it is ready such completions are empty. No cell
// waits for it, and it waits for no cell.
//
// The sockets are where the connection file says, by default on the loopback address;
// those of the back end lie in a folder of the user's own.
//
// Order to read the files in: kernel.go, front.go, info.go, history.go, queue.go,
// execute.go, run.go, watch.go, input.go, room.go, output.go, order.go, stderr.go,
// interrupt.go, complete.go, columns.go, back.go, call.go.
//
// Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html; GoNB as of
// v0.11.4.
package proxy
