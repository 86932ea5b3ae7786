package report

// Glyph is the drawing beside a verdict. A ring is the set of parameters that
// are allowed, the dot is the fit.
type Glyph int

const (
	NoGlyph        Glyph = iota
	InteriorGlyph        // the dot in the middle
	BoundaryGlyph        // the dot on the ring
	RidgeGlyph           // a bar across: equally good points
	DescentGlyph         // a hollow dot with an arrow: still going down
	PolishGlyph          // a hollow dot in the middle: almost there
	UnboundedGlyph       // an arrow that leaves the ring
)

// shapes returns the inside of the SVG, on a canvas of 20 by 20.
func (g Glyph) shapes() string {
	const ring = `<circle cx="10" cy="10" r="8"/>`
	switch g {
	case InteriorGlyph:
		return ring + `<circle cx="10" cy="10" r="3.2" fill="currentColor"/>`
	case BoundaryGlyph:
		return `<circle cx="8.8" cy="10" r="7.4"/><circle cx="16" cy="8.2" r="3.2" fill="currentColor"/>`
	case RidgeGlyph:
		return ring + `<path d="M4.6 13.4 15.4 6.6" stroke-width="3.2"/>`
	case DescentGlyph:
		return ring + `<circle cx="7.4" cy="7.4" r="2.2"/><path d="M9.2 9.2 13.8 13.8M10.6 13.8H13.8V10.6"/>`
	case PolishGlyph:
		return ring + `<circle cx="10" cy="10" r="3"/>`
	case UnboundedGlyph:
		return `<circle cx="7.4" cy="10" r="6.4"/><path d="M5 10H19M15.8 6.8 19 10 15.8 13.2"/>`
	}
	return ""
}

// svg is the glyph as an image that screen readers pass over: the title beside
// it says the same.
func (g Glyph) svg() string {
	if g == NoGlyph {
		return ""
	}
	return `<svg viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true">` +
		g.shapes() + `</svg>`
}
