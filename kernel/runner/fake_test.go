package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golmm/golmm/kernel/jupyter"
)

// The test binary is also the kernel that the tests talk to: with fakeVariable set to
// a connection file it serves it. Its language is one order a line; see fake.run.
const fakeVariable = "GOLMM_TEST_FAKE_KERNEL"

func TestMain(m *testing.M) {
	if file := os.Getenv(fakeVariable); file != "" {
		serveFake(file)
		return
	}
	os.Exit(m.Run())
}

// fakeKernel returns Options.Kernel for a fake kernel; env is added to its environment.
func fakeKernel(env ...string) func(string) *exec.Cmd {
	return func(file string) *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(append(os.Environ(), fakeVariable+"="+file), env...)
		return cmd
	}
}

type fake struct {
	*jupyter.Sockets
	request   *jupyter.Message
	count     int
	interrupt chan os.Signal
}

func serveFake(file string) {
	if how := os.Getenv("FAKE_START"); how == "die" {
		fmt.Fprintln(os.Stderr, "fake: no luck today")
		os.Exit(3)
	} else if how == "hang" {
		time.Sleep(time.Hour)
	}
	conn, err := jupyter.ReadConnection(file)
	if err != nil {
		panic(err)
	}
	s, err := jupyter.Listen(conn)
	if err != nil {
		panic(err)
	}
	f := &fake{Sockets: s, interrupt: make(chan os.Signal, 1)}
	signal.Notify(f.interrupt, os.Interrupt)
	go func() {
		in := <-s.Received(jupyter.Control)
		f.send(jupyter.Control, jupyter.NewMessage(s.Session, "shutdown_reply", in.Message, map[string]string{"status": "ok"}))
		os.Exit(0)
	}()
	for in := range s.Received(jupyter.Shell) {
		if in.Err != nil {
			continue
		}
		f.request = in.Message
		f.publish("status", map[string]string{"execution_state": "busy"})
		switch in.Message.Header.MsgType {
		case "kernel_info_request":
			f.answer("kernel_info_reply", map[string]string{"status": "ok"})
		case "execute_request":
			f.execute()
		}
		f.publish("status", map[string]string{"execution_state": "idle"})
	}
}

func (f *fake) send(ch jupyter.Channel, m *jupyter.Message) {
	if err := f.Send(context.Background(), ch, m); err != nil {
		panic(err)
	}
}

func (f *fake) publish(msgType string, content any) {
	f.send(jupyter.IOPub, jupyter.NewMessage(f.Session, msgType, f.request, content))
}

func (f *fake) answer(msgType string, content any) {
	f.send(jupyter.Shell, jupyter.NewMessage(f.Session, msgType, f.request, content))
}

func (f *fake) execute() {
	var c struct{ Code string }
	if err := f.request.Decode(&c); err != nil {
		panic(err)
	}
	f.count++
	f.publish("execute_input", map[string]any{"code": c.Code, "execution_count": f.count})
	reply := map[string]any{"status": "ok", "execution_count": f.count, "user_expressions": struct{}{}}
	for line := range strings.Lines(c.Code) {
		order, arg, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !f.run(order, strings.ReplaceAll(arg, `\n`, "\n"), reply) {
			break
		}
	}
	f.answer("execute_reply", reply)
}

// run carries out one order and reports whether the cell goes on.
func (f *fake) run(order, arg string, reply map[string]any) bool {
	display := func(msgType, id, html string) {
		f.publish(msgType, map[string]any{"metadata": struct{}{}, "transient": map[string]string{"display_id": id},
			"data": map[string]string{"text/html": html, "text/plain": "plain " + html}})
	}
	switch order {
	case "out":
		f.publish("stream", map[string]string{"name": "stdout", "text": arg})
	case "err":
		f.publish("stream", map[string]string{"name": "stderr", "text": arg})
	case "show":
		display("display_data", "", arg)
	case "show-as", "update":
		id, html, _ := strings.Cut(arg, " ")
		display(map[string]string{"show-as": "display_data", "update": "update_display_data"}[order], id, html)
	case "card": // a failure that the cell's process tells itself
		f.publish("display_data", map[string]any{"metadata": struct{}{}, "data": map[string]any{"text/plain": arg,
			failureMIME: map[string]any{"ename": "FormulaError", "evalue": arg, "traceback": []string{arg, "  y ~ x +", "        ^"}}}})
	case "result":
		f.publish("execute_result", map[string]any{"execution_count": f.count, "metadata": struct{}{},
			"data": map[string]string{"text/plain": arg}})
	case "clear":
		f.publish("clear_output", map[string]bool{"wait": arg == "wait"})
	case "fail":
		reply["status"], reply["ename"], reply["evalue"], reply["traceback"] = "error", "ERROR", arg, []string{"at \x1b[31mline 1\x1b[0m"}
		f.publish("error", reply)
		return false
	case "sleep":
		select {
		case <-f.interrupt:
			return f.run("fail", "interrupted", reply)
		case <-time.After(time.Hour):
		}
	case "die":
		fmt.Fprintln(os.Stderr, "fake: "+arg)
		os.Exit(9)
	case "flood": // n small pieces
		n, err := strconv.Atoi(arg)
		if err != nil {
			panic(err)
		}
		for range n {
			f.publish("stream", map[string]string{"name": "stdout", "text": "0123456789abcdef\n"})
		}
	case "ask":
		f.send(jupyter.Stdin, jupyter.NewMessage(f.Session, "input_request", f.request, map[string]any{"prompt": "?", "password": false}))
		in := <-f.Received(jupyter.Stdin)
		var v struct{ Value string }
		if in.Err == nil && in.Message.Decode(&v) == nil {
			f.publish("stream", map[string]string{"name": "stdout", "text": fmt.Sprintf("got %q\n", v.Value)})
		}
	case "garbage":
		f.hostile()
	case "tmp":
		f.publish("stream", map[string]string{"name": "stdout", "text": os.Getenv("TMPDIR")})
	default:
		panic("fake: " + order)
	}
	return true
}

// hostile sends what no kernel should send.
func (f *fake) hostile() {
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	must(f.SendFrames(ctx, jupyter.IOPub, [][]byte{[]byte("garbage")}))
	must(f.SendFrames(ctx, jupyter.IOPub, [][]byte{[]byte("<IDS|MSG>"), []byte("sig")}))
	forged, err := jupyter.Codec{Key: []byte("wrong")}.Encode(
		jupyter.NewMessage(f.Session, "stream", f.request, map[string]string{"name": "stdout", "text": "forged"}))
	must(err)
	must(f.SendFrames(ctx, jupyter.IOPub, forged))
	// Signed, but of another form than the protocol says.
	for _, t := range []string{"stream", "display_data", "execute_result", "update_display_data", "error", "clear_output", "status", "execute_input", "no_such_type"} {
		for _, content := range []string{`{}`, `{"text":1,"name":[],"data":7,"ename":{},"wait":"x","execution_state":0,"execution_count":"a"}`,
			`{"data":{"text/plain":[1,{}],"text/html":null},"metadata":[],"transient":{"display_id":"q"}}`} {
			m := jupyter.NewMessage(f.Session, t, f.request, json.RawMessage(content))
			must(f.Send(ctx, jupyter.IOPub, m))
		}
	}
	// A stranger's message, to another parent.
	other := jupyter.NewMessage(f.Session, "stream", nil, map[string]string{"name": "stdout", "text": "of another cell"})
	must(f.Send(ctx, jupyter.IOPub, other))
	reply := jupyter.NewMessage(f.Session, "execute_reply", f.request, json.RawMessage(`{"status":[]}`))
	must(f.Send(ctx, jupyter.Shell, reply))
}
