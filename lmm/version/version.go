// Package version names the release of golmm: installations are filed under
// it and results record it.
package version

// Golmm is the version of all packages of the module.
const Golmm = "0.1.0"
