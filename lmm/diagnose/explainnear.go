package diagnose

import (
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
)

// Unknown is a part of a text that no message of the catalogue explains.
type Unknown struct {
	Text string
	Near []Near // the messages nearest to it, the nearest first; at most 3
}

// Near is a message of the catalogue that resembles a text.
type Near struct {
	ID, Program, Text string
	// Similarity is the cosine of the angle between the two sets of words, each
	// word weighted by how rare it is in the catalogue; 1 for the same words.
	Similarity float64
}

const (
	// nearRule is the rule of Near in words.
	nearRule = "Nearest by the words in common, rare words counting more (cosine, 0 to 1; shown from 0.3 on)."
	// leastNear is the similarity from which on a message is shown: two of five
	// words of middling rarity in common.
	leastNear = 0.3
	// maxNear is the number of messages shown for each unknown text.
	maxNear = 3
	// maxUnknown is the number of unknown messages shown.
	maxUnknown = 5
	// maxQuote is the length of the text that is quoted.
	maxQuote = 300
)

// markers are what programs put before a message.
var markers = [...]string{"warning:", "warning message", "warning in ", "error:", "error in ", "error :", "note:", "exception:",
	"warnmeldung", "fehler in ", "message d'avis", "erreur dans ", "aviso", "advertencia"}

// remarks are beginnings of lines that look like messages and are about other
// things: SAS's accounts of its steps.
var remarks = [...]string{"procedure ", "the procedure ", "the data set ", "there were ", "data statement used", "real time", "the above message", "writing "}

// unknown returns the parts of the pages that look like messages and are not
// known; where nothing is known, the text itself.
func (c *catalogue) unknown(pages []*page, some bool) []Unknown {
	var texts []string
	for _, p := range pages {
		texts = append(texts, p.unsaid()...)
	}
	if len(texts) == 0 && !some {
		for _, p := range pages {
			if s := strings.TrimSpace(p.plain[:min(len(p.plain), 4*maxQuote)]); s != "" {
				texts = append(texts, s)
			}
		}
	}
	var out []Unknown
	seen := map[string]bool{}
	for _, s := range texts {
		if seen[s] || len(out) == maxUnknown {
			continue
		}
		seen[s] = true
		out = append(out, Unknown{Text: quote(s), Near: c.near(s)})
	}
	return out
}

// unsaid returns the messages of a page that are not known: a line with a
// marker and, where nothing follows the marker, the next line.
func (p *page) unsaid() []string {
	var out []string
	for i := 0; i < len(p.lines) && len(out) < 20*maxUnknown; i++ {
		if p.said[i] {
			continue
		}
		s, marked := p.afterMarker(i)
		for n := 0; marked && n < 3 && i+1 < len(p.lines) && (s == "" || strings.HasSuffix(s, ":")); n++ {
			// R: "Warning message:", "In f(x) :", then the message.
			i++
			next, again := p.afterMarker(i)
			if p.said[i] || again && s != "" {
				marked = false
			}
			s = next
		}
		if marked && s != "" && !remark(s) {
			out = append(out, s)
		}
	}
	return out
}

func remark(s string) bool {
	low := lowered(s[:min(len(s), 40)])
	for _, r := range remarks {
		if strings.HasPrefix(low, r) {
			return true
		}
	}
	return false
}

// afterMarker returns a line without the marker before its message.
func (p *page) afterMarker(i int) (string, bool) {
	from, to := p.lines[i].from, p.lines[i].to
	text, low := p.plain[from:to], p.lower[from:to]
	head := low[:min(len(low), 200)]
	if n := numberLength(head); n > 0 && strings.HasPrefix(head[n:], ": in ") { // R counts its warnings
		_, rest, _ := strings.Cut(text, " :")
		return strings.TrimSpace(rest), true
	}
	for _, m := range markers {
		at := strings.Index(head, m)
		if at < 0 {
			continue
		}
		rest := text[at+len(m):]
		if colon := strings.Index(rest[:min(len(rest), 200)], ":"); colon >= 0 && !strings.HasSuffix(m, ":") {
			rest = rest[colon+1:]
		} else if !strings.HasSuffix(m, ":") {
			rest = ""
		}
		return strings.TrimSpace(rest), true
	}
	return strings.TrimSpace(text), false
}

// vocabulary is the words of all forms and what each is worth.
type vocabulary struct {
	worth  map[string]float64 // log(1 + messages / messages with the word)
	unseen float64            // of a word that no message uses: half of the rarest
	words  [][]map[string]bool
}

func newVocabulary(messages []Message) *vocabulary {
	v := &vocabulary{worth: map[string]float64{}, unseen: math.Log(1+float64(len(messages))) / 2}
	for _, m := range messages {
		var sets []map[string]bool
		all := map[string]bool{}
		for _, f := range m.Forms {
			set := words(f)
			sets = append(sets, set)
			for w := range set {
				all[w] = true
			}
		}
		for w := range all {
			v.worth[w]++
		}
		v.words = append(v.words, sets)
	}
	for w, n := range v.worth {
		v.worth[w] = math.Log(1 + float64(len(messages))/n)
	}
	return v
}

// length is the length of a set of words as a vector. The words are added in
// order: the sum has the same bits every time.
func (v *vocabulary) length(set map[string]bool) float64 {
	sum := 0.0
	for _, w := range slices.Sorted(maps.Keys(set)) {
		worth, ok := v.worth[w]
		if !ok {
			worth = v.unseen
		}
		sum += worth * worth
	}
	return math.Sqrt(sum)
}

// near returns the messages that resemble a text most.
func (c *catalogue) near(s string) []Near {
	if c.known == nil {
		c.known = newVocabulary(c.messages)
	}
	mine := words(s[:min(len(s), 4*maxQuote)])
	size := c.known.length(mine)
	var out []Near
	for i, m := range c.messages {
		best := Near{ID: m.ID, Program: m.Program}
		for k, theirs := range c.known.words[i] {
			common := map[string]bool{}
			for w := range theirs {
				if mine[w] {
					common[w] = true
				}
			}
			if len(common) == 0 {
				continue
			}
			shared := c.known.length(common)
			if x := shared * shared / (size * c.known.length(theirs)); x > best.Similarity {
				best.Similarity, best.Text = x, readable(m.Forms[k])
			}
		}
		if best.Similarity >= leastNear {
			out = append(out, best)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Similarity > out[j].Similarity })
	return out[:min(len(out), maxNear)]
}

// words is the set of the words of a text: three or more letters of ASCII, the
// first six of them, so that "converged" and "convergence" are one word.
func words(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(plainForm(holeless(s))), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if len(w) > 2 {
			out[w[:min(len(w), 6)]] = true
		}
	}
	return out
}

// readable is a form with "..." for its holes.
func readable(src string) string { return strings.Join(strings.Fields(holeless(src)), " ") }

func holeless(src string) string {
	var b strings.Builder
	for {
		open := strings.Index(src, "{")
		if open < 0 || open+1 >= len(src) || !strings.ContainsRune("#%*", rune(src[open+1])) {
			b.WriteString(src)
			return b.String()
		}
		shut := strings.Index(src[open:], "}")
		if shut < 0 {
			b.WriteString(src)
			return b.String()
		}
		b.WriteString(src[:open] + "...")
		src = src[open+shut+1:]
	}
}

// quote shortens a text to what can be shown.
func quote(s string) string {
	s = strings.ToValidUTF8(s[:min(len(s), maxQuote)], "")
	if len(s) == maxQuote {
		s += " ..."
	}
	return s
}
