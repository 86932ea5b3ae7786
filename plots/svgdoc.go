package plots

import "gonum.org/v1/plot/vg"

// fontStack names the fonts of the reader's system; nothing is loaded.
const fontStack = `system-ui,'Segoe UI',Roboto,Arial,sans-serif`

// hostThemes lets a page choose: JupyterLab, nbconvert, VS Code (which sets
// both classes of high contrast, so light comes after dark), Quarto, Sphinx.
const hostThemes = `
:is([data-jp-theme-light=false],.vscode-dark,.vscode-high-contrast,.quarto-dark,[data-theme=dark]) .golmm-fig{color-scheme:dark}
:is([data-jp-theme-light=true],.vscode-light,.vscode-high-contrast-light,.quarto-light,[data-theme=light]) .golmm-fig{color-scheme:light}
@media print{.golmm-fig.golmm-fig{color-scheme:light}}
`

// textRule aligns figures in columns.
const textRule = ".golmm-fig text{font-variant-numeric:tabular-nums}"

// document wraps what was drawn in an svg element with title, description and
// the style of the inks that were used.
func (c *svgCanvas) document(title, desc string) []byte {
	c.flush()
	b := make([]byte, 0, len(c.body)+3000)
	b = append(b, `<svg xmlns="http://www.w3.org/2000/svg" class="golmm-fig" role="img" viewBox="0 0 `...)
	b = appendPair(b, float64(c.w), float64(c.h))
	b = appendMillimetres(append(b, `" width="`...), c.w)
	b = appendMillimetres(append(b, `" height="`...), c.h)
	b = append(b, `" style="max-width:100%;height:auto`...)
	if c.w > twoPanelsWidth {
		// Shrunk further, 8 pt text would fall under 6.5 pt; the page scrolls.
		b = appendMillimetres(append(b, `;min-width:`...), twoPanelsWidth)
	}
	b = append(b, `" font-family="`+fontStack+"\">\n<title>"...)
	b = appendEscaped(b, title)
	b = append(b, "</title>\n<desc>"...)
	b = appendEscaped(b, desc)
	b = append(b, "</desc>\n<style>"...)
	b = c.appendStyle(b)
	b = append(b, "</style>\n"...)
	b = append(b, c.body...)
	return append(b, "</svg>\n"...)
}

func appendMillimetres(b []byte, l vg.Length) []byte {
	return append(appendNumber(b, float64(l/vg.Millimeter)), "mm"...)
}

// appendStyle declares every ink that was used twice: plainly, for old
// programs and print, and with light-dark(), by which the system or the page
// decides. A figure with a theme of its own needs neither.
func (c *svgCanvas) appendStyle(b []byte) []byte {
	if c.theme != PageTheme {
		return append(b, textRule...) // shapes have no classes
	}
	var plain, both, rules []byte
	for ink := range inkCount {
		if !c.used[0][ink] && !c.used[1][ink] {
			continue
		}
		name := inkValues[ink].name
		plain = append(append(append(plain, "--"...), name...), ':')
		plain = append(appendHex(plain, ink.Light()), ';')
		both = append(append(append(both, "--"...), name...), ":light-dark("...)
		both = append(appendHex(both, ink.Light()), ',')
		both = append(appendHex(both, ink.Dark()), ");"...)
		for kind, what := range [2]string{"fill", "stroke"} {
			if c.used[kind][ink] {
				rules = append(rules, ".golmm-fig ."+what[:1]+"-"+name+"{"+what+":var(--"+name+")}\n"...)
			}
		}
	}
	b = append(b, ".golmm-fig{"...)
	b = append(append(b, plain...), "}\n@supports (color:light-dark(red,red)){.golmm-fig{color-scheme:light dark;"...)
	b = append(append(b, both...), "}}"...)
	b = append(append(b, hostThemes...), rules...)
	return append(b, textRule...)
}
