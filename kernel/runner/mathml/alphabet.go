package mathml

import "strings"

// alphabet is a style of letters. MathML Core has only the letters of Unicode for it,
// U+1D400 to U+1D7FF.
type alphabet int

const (
	plain   alphabet = iota // slanted by the browser
	upright                 // as they are
	bold
	slanted
	boldSlanted
	sans
	monospace
	script
	double
	fraktur
)

// starts are the code points of A, a, 0, capital Alpha and alpha of an alphabet; 0 where
// it has none.
var starts = map[alphabet][5]rune{
	bold:        {0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2},
	boldSlanted: {0x1D468, 0x1D482, 0x1D7CE, 0x1D71C, 0x1D736},
	sans:        {0x1D5A0, 0x1D5BA, 0x1D7E2, 0, 0},
	monospace:   {0x1D670, 0x1D68A, 0x1D7F6, 0, 0},
	script:      {0x1D49C, 0x1D4B6, 0, 0, 0},
	double:      {0x1D538, 0x1D552, 0x1D7D8, 0, 0},
	fraktur:     {0x1D504, 0x1D51E, 0, 0, 0},
}

// elsewhere are the letters that Unicode had before: their places in the row are empty.
var elsewhere = map[alphabet]map[rune]rune{
	script:  {'B': 'ℬ', 'E': 'ℰ', 'F': 'ℱ', 'H': 'ℋ', 'I': 'ℐ', 'L': 'ℒ', 'M': 'ℳ', 'R': 'ℛ', 'e': 'ℯ', 'g': 'ℊ', 'o': 'ℴ'},
	double:  {'C': 'ℂ', 'H': 'ℍ', 'N': 'ℕ', 'P': 'ℙ', 'Q': 'ℚ', 'R': 'ℝ', 'Z': 'ℤ'},
	fraktur: {'C': 'ℭ', 'H': 'ℌ', 'I': 'ℑ', 'R': 'ℜ', 'Z': 'ℨ'},
}

// greekVariants follow omega in the rows of Greek letters, in this order.
const greekVariants = "∂ϵϑϰϕϱϖ"

// of returns s in the alphabet; what the alphabet lacks stays.
func (a alphabet) of(s string) string {
	from, ok := starts[a]
	if !ok {
		return s
	}
	return strings.Map(func(r rune) rune {
		if other, ok := elsewhere[a][r]; ok {
			return other
		}
		place := func(i int, first rune) rune {
			if from[i] == 0 {
				return r
			}
			return from[i] + r - first
		}
		switch {
		case 'A' <= r && r <= 'Z':
			return place(0, 'A')
		case 'a' <= r && r <= 'z':
			return place(1, 'a')
		case '0' <= r && r <= '9':
			return place(2, '0')
		case 'Α' <= r && r <= 'Ω':
			return place(3, 'Α')
		case 'α' <= r && r <= 'ω':
			return place(4, 'α')
		}
		if i := strings.IndexRune(greekVariants, r); i >= 0 && from[4] != 0 {
			return from[4] + 25 + rune(len([]rune(greekVariants[:i])))
		}
		return r
	}, s)
}
