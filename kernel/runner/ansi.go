package runner

import "regexp"

// ansi matches the escape sequences of terminals: CSI ... final byte, OSC ... BEL or
// ST, and two-character ones. Source: ECMA-48, sections 5.3 to 5.6.
var ansi = regexp.MustCompile("\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|[@-Z\\\\^_])")

// stripANSI returns s without colours and other orders to a terminal.
func stripANSI(s string) string { return ansi.ReplaceAllString(s, "") }
