package mathml

import "strings"

// scripted reads one thing with its scripts and primes.
func (p *parser) scripted() (*node, error) {
	t := p.peek()
	var base *node
	var err error
	if t.is(char, "^") || t.is(char, "_") || t.is(char, "'") {
		base = element("mrow") // a script of nothing, as in {}_2F_1
	} else if base, err = p.atom(); err != nil {
		return nil, err
	}
	if base == nil {
		return nil, nil
	}
	limits := base.limits && p.display
	var sub, sup *node
	for {
		t := p.peek()
		switch {
		case t.is(command, "limits"), t.is(command, "nolimits"):
			limits = t.text == "limits"
			p.next()
			continue
		case t.is(char, "'"):
			if sup != nil {
				return nil, p.fail(t, "two superscripts")
			}
			if sup, err = p.primes(); err != nil {
				return nil, err
			}
			continue
		case t.is(char, "^"), t.is(char, "_"):
			p.next()
			place, name := &sup, "two superscripts"
			if t.text == "_" {
				place, name = &sub, "two subscripts"
			}
			if *place != nil {
				return nil, p.fail(t, "%s", name)
			}
			if *place, err = p.argument(t); err != nil {
				return nil, err
			}
			continue
		}
		break
	}
	return attach(base, sub, sup, limits), nil
}

// primes reads primes, and a superscript that follows them.
func (p *parser) primes() (*node, error) {
	n := 0
	for p.peek().is(char, "'") {
		p.next()
		n++
	}
	marks := leaf("mo", strings.Repeat("′", n))
	if t := p.peek(); t.is(char, "^") {
		p.next()
		sup, err := p.argument(t)
		if err != nil {
			return nil, err
		}
		return element("mrow", marks, sup), nil
	}
	return marks, nil
}

// attach puts scripts on a base: above and below it with limits, else behind it.
func attach(base, sub, sup *node, limits bool) *node {
	names := [3]string{"msub", "msup", "msubsup"}
	if limits {
		names = [3]string{"munder", "mover", "munderover"}
	}
	var n *node
	switch {
	case sub != nil && sup != nil:
		n = element(names[2], base, sub, sup)
	case sub != nil:
		n = element(names[0], base, sub)
	case sup != nil:
		n = element(names[1], base, sup)
	default:
		return base
	}
	n.function, n.relates, n.opens = base.function, base.relates, false
	return n
}
