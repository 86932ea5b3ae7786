package formula

// Node is a node of the expression tree. Off and End are byte offsets into
// the source, End exclusive.
type Node interface {
	Off() int
	End() int
	// String prints the node as R deparses it: "I(Days^2)", "log(x)", "poly(Days, 2)".
	String() string
	node()
}

type span struct{ off, end int }

func (s span) Off() int { return s.off }
func (s span) End() int { return s.end }
func (span) node()      {}

type (
	// Ident is the name of a column, back-ticks removed.
	Ident struct {
		span
		Name string
	}
	// Number is a numeric literal; Text is its source.
	Number struct {
		span
		Value float64
		Text  string
	}
	// Text is a quoted literal, quotes removed.
	Text struct {
		span
		Value string
	}
	// Call is a function call such as log(x) or poly(Days, 2, raw = TRUE).
	Call struct {
		span
		Fun  string
		Args []Arg
	}
	// Bool is TRUE or FALSE.
	Bool struct {
		span
		Value bool
	}
	// Unary is -x, +x or !x.
	Unary struct {
		span
		Op string
		X  Node
	}
	// Binary is x op y, with op one of + - * / : ^ %in% == != < <= > >= & | ||.
	// OpOff is the byte offset of the operator.
	Binary struct {
		span
		Op    string
		OpOff int
		X, Y  Node
	}
	// Paren is a parenthesised expression.
	Paren struct {
		span
		X Node
	}
)

// Arg is an argument of a call; Name is "" for a positional one. Off is the
// byte offset where the argument begins, its name included.
type Arg struct {
	Name  string
	Off   int
	Value Node
}

// Term is a product of variables, a:b:c, each variable an expression.
// A term without variables is the intercept and does not occur in a list.
type Term struct {
	Vars []Node
}

// Shape is the structure of the covariance matrix of a random term.
type Shape int

const (
	Full        Shape = iota // (x | g): any positive semidefinite matrix
	Independent              // (x || g): one variance a column, no covariances
	Diag                     // diag(x | g): the same, the columns coded as in (x | g)
	CompSymm                 // cs(f | g): equal variances, equal covariances
	ReducedRank              // rr(f | g, 2): Lambda has Rank columns
)

// Random is one random-effects term after expansion: (1 | a/b) has become
// (1 | a) and (1 | a:b).
type Random struct {
	Shape     Shape
	Rank      int    // for ReducedRank
	Intercept bool   // whether the left-hand side has an intercept
	Terms     []Term // the left-hand side without the intercept, in R's order
	Group     []Node // the grouping factor: an interaction of these variables
	GroupName string // as lme4 prints it: "g", "b:a" of (1 | a/b), "c:(b:a)" of (1 | a/b/c)
	Src       string // the term as written, for messages and summaries
	Offset    int    // where it was written: byte offset into the source
}

// Formula is a model formula, expanded.
type Formula struct {
	Src       string
	Response  Node
	Intercept bool
	Fixed     []Term // without the intercept, sorted by degree, then by appearance
	Random    []Random
	Offsets   []Node // the arguments of offset(...)

	rhs Node // the right-hand side as written
}
