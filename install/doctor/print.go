package doctor

import (
	"fmt"
	"io"
	"strings"
)

// Print writes the report as text: a line for each check, its remedy below it.
func (r *Report) Print(w io.Writer) error {
	var b strings.Builder
	for _, c := range r.Checks {
		fmt.Fprintf(&b, "%-8s %-17s %s\n", c.Status, c.Name, c.Seen)
		if c.Remedy != "" {
			fmt.Fprintf(&b, "%-8s %-17s -> %s\n", "", "", c.Remedy)
		}
	}
	if len(r.Environment) > 0 {
		b.WriteString("\nVariables that are set:\n")
		for _, v := range r.Environment {
			fmt.Fprintf(&b, "  %s=%s  (%s)\n", v.Name, v.Value, v.Meaning)
		}
	}
	b.WriteString("\nFolders that golmm writes to:\n")
	for _, f := range r.Folders {
		fmt.Fprintf(&b, "  %s\n      %s\n", f.Path, f.What)
	}
	fmt.Fprintf(&b, "\ngolmm %s: %s\n", r.Version, r.verdict())
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) verdict() string {
	problems, notes := r.count(Problem), r.count(Note)
	also := ""
	if notes > 0 {
		also = fmt.Sprintf(", %d worth knowing", notes)
	}
	switch problems {
	case 0:
		return "all that cells need works" + also + "."
	case 1:
		return "one problem" + also + "."
	}
	return fmt.Sprintf("%d problems%s.", problems, also)
}

// oneLine joins lines and runs of blanks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
