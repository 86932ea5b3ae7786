// Package jupyter speaks the Jupyter messaging protocol, version 5.4: connection
// files, signed messages over ZeroMQ sockets, and the kernelspecs by which
// Jupyter finds a kernel.
//
// A kernel and a front end share a connection file: an address, five ports and a
// key. Each message is a list of frames,
//
//	identities..., "<IDS|MSG>", signature, header, parent, metadata, content, buffers...
//
// where signature = hex(HMAC-SHA256(key, header || parent || metadata || content)).
// Five sockets carry them:
//
//	shell    requests and replies: execute, complete, inspect, kernel_info
//	control  requests that may not wait behind a running cell: interrupt, shutdown
//	iopub    what the kernel publishes: output, status
//	stdin    the kernel asks the front end for a line
//	hb       the heartbeat, bytes that come back as they went
//
// Dial is the front end's side of them and Listen the kernel's. Read connection.go,
// message.go, wire.go, then sockets.go; dialed.go is a socket of the front end;
// zmtp.go, peer.go and listener.go are those of the kernel; kernelspec.go stands alone.
//
// Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html and
// kernels.html beside it.
package jupyter
