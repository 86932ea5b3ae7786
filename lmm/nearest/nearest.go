// Package nearest guesses which name was meant by one that is not known.
package nearest

import "strings"

// Name returns the name that was probably meant: the one among the names
// with the smallest edit distance from name, upper and lower case taken as
// equal, the first of several. It returns "" where even the nearest one
// differs in more than about a third of its letters.
func Name(name string, among []string) string {
	best, bestDist := "", 0
	for _, a := range among {
		long := max(len([]rune(name)), len([]rune(a)))
		d := editDistance(strings.ToLower(name), strings.ToLower(a))
		if d > (long+2)/3 || d == long {
			continue
		}
		if best == "" || d < bestDist {
			best, bestDist = a, d
		}
	}
	return best
}

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b (optimal string alignment distance).
func editDistance(a, b string) int {
	s, t := []rune(a), []rune(b)
	before := make([]int, len(t)+1) // row i-2
	above := make([]int, len(t)+1)  // row i-1
	row := make([]int, len(t)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(t)]
}
