// Package plots draws the figures of a mixed model with gonum/plot.
//
// A figure is a page of panels. Each panel is a *plot.Plot that the caller may
// change before the figure is written, each figure is written as SVG, PNG
// or PDF, and each has a twin in plain text for readers who cannot see it.
//
//	fig := plots.Caterpillar(m)
//	err := fig.Save("caterpillar.svg")
//
// Colours are Inks: a name with a light and a dark value. In SVG an Ink
// becomes a class, so that the picture follows the page it stands on; the
// light value is written beside it for programs that know no classes. PNG and
// PDF have the light values, unless Options.Theme says dark.
//
// Lengths are those of package vg: 1 is a point, 1/72 inch. Rows of a figure
// count from 0 at the top.
//
// A figure is made in three steps: its words (title, caption, the text twin), its
// panels (newPlot and plotters), and layOutGrid for panels with a y axis each or
// layOut for rows with names. kinds.go lists the figures that need one model
// alone, for the command line.
//
// To read the package, start with caterpillar.go (what is drawn), rows.go (the
// marks), grid.go and page.go (where panels stand) and figure.go (what comes out); ink.go
// and theme.go hold the look, svg.go and text.go the SVG canvas, pdf.go to
// pdfsubset.go that of PDF, which nobody links who writes none.
package plots
