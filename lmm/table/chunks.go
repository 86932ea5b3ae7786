package table

const chunkLen = 1 << 16

// chunks is a list that grows without moving what it holds, so that reading
// a column needs at most twice its memory, and that only at the end.
type chunks[T any] struct {
	full [][]T
	last []T
}

func (c *chunks[T]) add(v T) {
	if len(c.last) == chunkLen {
		c.full = append(c.full, c.last)
		c.last = make([]T, 0, chunkLen)
	}
	c.last = append(c.last, v)
}

func (c *chunks[T]) len() int { return len(c.full)*chunkLen + len(c.last) }

// each calls f with every value in order.
func (c *chunks[T]) each(f func(T)) {
	for _, chunk := range c.full {
		for _, v := range chunk {
			f(v)
		}
	}
	for _, v := range c.last {
		f(v)
	}
}

// slice returns the values in one slice and empties the list.
func (c *chunks[T]) slice() []T {
	all := make([]T, 0, c.len())
	for i, chunk := range c.full {
		all = append(all, chunk...)
		c.full[i] = nil
	}
	all = append(all, c.last...)
	*c = chunks[T]{}
	return all
}
