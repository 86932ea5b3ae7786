// Package gonb finds, starts and stops the pinned GoNB of an installed golmm.
//
// An installation is one folder, made by `go run ./install` and never changed
// after:
//
//	<dir>/bin/golmm, gonb, goimports, gopls
//	<dir>/src            the staged module, which cells import
//	<dir>/install.json   the Manifest, written last
//
// GoNB builds every cell with the go command. A user's go settings (GOFLAGS, GOWORK,
// go env -w ...) must not break cells, and cells must find the build cache that the
// installation warmed: Environment gives GoNB a cleaned environment, and Command is
// GoNB in it.
//
// Read home.go, check.go, environment.go, gowork.go, command.go, memory.go.
//
// GoNB: https://github.com/janpfeifer/gonb.
package gonb
