package plots

import "fmt"

// Most things of a kind on a page. A file stays under 1 MB, and more could not
// be told apart.
const (
	maxRows   = 2000 // of a caterpillar: three in a point of the highest page
	maxLines  = 400  // of spaghetti
	maxArrows = 300  // of shrinkage
	maxVertex = 15000
	maxMarks  = 10000 // of all panels of rows
)

// rowLimit is the number of rows that a page of panels draws in each.
func rowLimit(panels int) int { return min(maxRows, maxMarks/max(1, panels)) }

// arrowLimit is the number of arrows that a page of panels draws in each.
func arrowLimit(panels int) int { return min(maxArrows, 8*maxArrows/max(1, panels)) }

// spaced are the indices of at most most of n things in a row, evenly spaced,
// the first and the last among them.
func spaced(n, most int) []int {
	k := min(n, most)
	at := make([]int, k)
	for i := range at {
		if k > 1 {
			at[i] = i * (n - 1) / (k - 1)
		}
	}
	return at
}

// sampled says in words that a part of n things is drawn; "" for all.
func sampled(drawn, n int, what, order string) string {
	if drawn >= n {
		return ""
	}
	return fmt.Sprintf(" Of %d %s %d are drawn, evenly spaced by %s.", n, what, drawn, order)
}
