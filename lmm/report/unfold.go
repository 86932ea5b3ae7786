package report

// unfolded returns the blocks for formats that cannot fold: what stands behind
// the verdict, its sentences aside, comes at the end.
func (d *Doc) unfolded() []Block {
	out := d.Blocks[:len(d.Blocks):len(d.Blocks)]
	for _, b := range d.Blocks {
		if v, ok := b.(Verdict); ok {
			if rest := others(v.Behind); len(rest) > 0 {
				out = append(out, Details{"How it is known", rest})
			}
		}
	}
	return out
}

// sentences returns the sentences among blocks.
func sentences(blocks []Block) []Block {
	return filter(blocks, func(b Block) bool { _, ok := b.(Sentence); return ok })
}

// others returns the blocks that are no sentences.
func others(blocks []Block) []Block {
	return filter(blocks, func(b Block) bool { _, ok := b.(Sentence); return !ok })
}

func filter(blocks []Block, keep func(Block) bool) []Block {
	var out []Block
	for _, b := range blocks {
		if keep(b) {
			out = append(out, b)
		}
	}
	return out
}
