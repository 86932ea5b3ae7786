package runner_test

import (
	"fmt"
	"strings"

	"github.com/golmm/golmm/kernel/runner"
)

// Does a script in an output reach the reader of a report?
func ExampleHTML() {
	notebook := `{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
	  {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": "nb.Show(m)", "outputs": [
	    {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<b>Converged</b><script>alert(1)</script>"}}]}]}`
	page, err := runner.HTML([]byte(notebook))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Contains(string(page), "<b>Converged</b>"), strings.Contains(string(page), "<script"))
	// Output: true false
}
