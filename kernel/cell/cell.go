package cell

import "io/fs"

// Options tell a session what its cells can use. The zero value is the default.
type Options struct {
	// Imports holds the paths of the packages that cells use without importing them,
	// by the name that code calls them; nil means DefaultImports.
	Imports map[string]string

	// Module is the staged module, whose exported names Complete offers; nil means
	// that it offers none.
	Module fs.FS

	// Columns returns the names of the columns of a data file by its path, as
	// nb.Data would find it; nil means that the formulas of such tables are not
	// completed. The data sets that come with golmm need it not.
	Columns func(path string) ([]string, error)

	// ReadFile reads the code that GoNB compiled, whose path stands in a panic:
	// os.ReadFile. GoNB does not always tell the line of a cell there; with nil such
	// places have no line.
	ReadFile func(path string) ([]byte, error)
}

// Cell is a cell made ready to run. Its methods are used by the goroutine that
// uses the session.
type Cell struct {
	Code    string   // what GoNB gets; "" if nothing is to be run
	Before  []string // what GoNB runs silently before, each as a cell of its own
	Failure *Failure // not nil if the cell cannot run: then nothing is sent to GoNB

	session *Session
	src     *source
	read    *reading
	shown   *span // the last expression, if the code shows it
	outcome outcome

	replaced  []*decl    // what had names of its declarations, as another kind
	regrouped []restored // groups that it declares some of anew
}

// outcome is how far a cell that failed has come.
type outcome int

const (
	unknown   outcome = iota
	unbuilt           // it did not compile: GoNB has stored nothing
	inBody            // its variables have their values: the statements failed
	inStorage         // it failed while its variables got their values
)

// Report is what GoNB said about a cell that failed.
type Report struct {
	Ename, Evalue string
	Traceback     []string
	Stderr        string // all that the cell wrote there
	ExitCode      int    // 0 if not known
	Interrupted   bool   // the user interrupted it

	// Library is what a cell's process said itself when code of golmm ended it, nil if
	// it said nothing.
	Library *LibraryFailure
}

// LibraryFailure is the content of FailureMIME in the display of a failure.
type LibraryFailure struct {
	Ename     string   `json:"ename"`
	Evalue    string   `json:"evalue"`
	Traceback []string `json:"traceback"`
	Stack     string   `json:"stack,omitempty"` // of the goroutine, as runtime/debug.Stack returns it
}

// FailureMIME is the type under which a display carries a LibraryFailure.
const FailureMIME = "application/vnd.golmm.failure+json"

// Failure is what the user reads about a cell that failed.
type Failure struct {
	Name      string   // the kind of error: SyntaxError, NameError, CompileError, Panic ...
	Value     string   // its first line
	Traceback []string // the whole as text: the message, places in the cells with a caret, hints
	HTML      string   // the same as a card
}
