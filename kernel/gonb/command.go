package gonb

import "os/exec"

// Command returns the command that runs GoNB for a connection file, ready to start
// in the current folder and the environment of Environment. If the staged module's
// path cannot be told to GoNB, Start reports it.
//
// GoNB makes its files in TMPDIR: who starts the command gives it one of its own
// and removes it afterwards, as package process does.
func Command(h *Home, connectionFile string) *exec.Cmd {
	work, err := goWork(h.Src())
	// Without the klog flags GoNB writes its log to the terminal that Jupyter runs in.
	// What ends it still reaches stderr.
	cmd := exec.Command(h.GoNB(), "-kernel="+connectionFile, "-go_work="+work, "-raw_error",
		"-logtostderr=false", "-log_file=/dev/null", "-stderrthreshold=FATAL")
	cmd.Env = h.Environment()
	if cmd.Err == nil {
		cmd.Err = err
	}
	return cmd
}
