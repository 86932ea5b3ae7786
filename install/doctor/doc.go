// Package doctor looks at an installation of golmm and at the machine it is to run on,
// and says what is wrong and what to do about it.
//
// Examine works where nothing is installed, where an installation was cut off, and
// where parts of it are gone or damaged. It changes nothing but Go's build cache, which
// it fills where that is cold: each cell needs it.
//
// Read doctor.go (the report and the order of the checks), programs.go, places.go,
// machine.go, environment.go, cell.go, print.go.
package doctor
