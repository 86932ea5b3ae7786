package doctor

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/golmm/golmm/kernel/runner"
)

// trial is a notebook of one cell, which imports what cells import most.
const trial = `{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],
 "source": "fmt.Println(\"golmm\", nb.Data(\"sleepstudy\") != nil)"}],
 "metadata": {}, "nbformat": 4, "nbformat_minor": 5}`

// cell starts the kernel as Jupyter does and runs a cell.
func (x *examination) cell(ctx context.Context) {
	const name = "a cell"
	ctx, cancel := context.WithTimeout(ctx, x.opt.BuildLimit)
	defer cancel()
	start := time.Now()
	out, err := runner.Run(ctx, []byte(trial), runner.Options{
		Kernel: func(file string) *exec.Cmd {
			argv := x.home.Kernel(file)
			return exec.Command(argv[0], argv[1:]...)
		},
		CellTimeout: x.opt.BuildLimit,
	})
	if err == nil && !strings.Contains(string(out), "golmm true") {
		err = errors.New("the kernel ran it and showed nothing")
	}
	if err != nil {
		x.problem(name, oneLine(err.Error()), "The messages above say why, where they know. Else "+reinstall)
		return
	}
	x.ok(name, fmt.Sprintf("the kernel starts, runs one and ends in %.1f s", time.Since(start).Seconds()))
}
