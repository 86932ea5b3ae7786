package mathml

// symbol is a command that stands for a character.
type symbol struct {
	text string
	kind symbolKind
}

type symbolKind int

const (
	letterSymbol   symbolKind = iota // takes the alphabet
	uprightSymbol                    // a letter that stands upright, such as a capital of Greek
	operatorSymbol                   // between two things
	bigSymbol                        // with limits in a display
	integralSymbol                   // large, its limits behind it
	openSymbol
	closeSymbol
	plainSymbol // brings no space
)

func (s symbol) node(p *parser) *node {
	switch s.kind {
	case letterSymbol:
		return p.letter(s.text)
	case uprightSymbol:
		n := leaf("mi", p.style.of(s.text))
		if n.text == s.text {
			n.with(`mathvariant="normal"`)
		}
		return n
	case bigSymbol:
		n := leaf("mo", s.text)
		n.limits, n.relates = true, true
		return n
	case openSymbol:
		n := fence(s.text)
		n.opens = true
		return n
	case closeSymbol:
		return fence(s.text)
	case plainSymbol:
		return leaf("mo", s.text).with(`lspace="0" rspace="0"`)
	}
	n := leaf("mo", s.text)
	n.relates = true
	return n
}

var symbols = symbolTable()

func symbolTable() map[string]symbol {
	m := make(map[string]symbol)
	put := func(kind symbolKind, pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = symbol{pairs[i+1], kind}
		}
	}
	put(letterSymbol,
		"alpha", "α", "beta", "β", "gamma", "γ", "delta", "δ", "epsilon", "ϵ", "varepsilon", "ε", "zeta", "ζ", "eta", "η",
		"theta", "θ", "vartheta", "ϑ", "iota", "ι", "kappa", "κ", "varkappa", "ϰ", "lambda", "λ", "mu", "μ", "nu", "ν", "xi", "ξ",
		"omicron", "ο", "pi", "π", "varpi", "ϖ", "rho", "ρ", "varrho", "ϱ", "sigma", "σ", "varsigma", "ς", "tau", "τ",
		"upsilon", "υ", "phi", "ϕ", "varphi", "φ", "chi", "χ", "psi", "ψ", "omega", "ω", "partial", "∂", "ell", "ℓ", "hbar", "ℏ",
		"imath", "ı", "jmath", "ȷ")
	put(uprightSymbol,
		"Gamma", "Γ", "Delta", "Δ", "Theta", "Θ", "Lambda", "Λ", "Xi", "Ξ", "Pi", "Π", "Sigma", "Σ", "Upsilon", "Υ", "Phi", "Φ",
		"Psi", "Ψ", "Omega", "Ω", "infty", "∞", "emptyset", "∅", "varnothing", "∅", "Re", "ℜ", "Im", "ℑ", "aleph", "ℵ", "top", "⊤",
		"bot", "⊥", "nabla", "∇", "dagger", "†", "ddagger", "‡", "degree", "°", "S", "§", "dots", "…", "ldots", "…", "cdots", "⋯",
		"vdots", "⋮", "ddots", "⋱", "dotsc", "…", "dotsb", "⋯", "#", "#", "$", "$", "%", "%", "&", "&", "_", "_", "prime", "′",
		"intercal", "⊺")
	put(operatorSymbol,
		"pm", "±", "mp", "∓", "times", "×", "div", "÷", "cdot", "⋅", "ast", "∗", "star", "⋆", "circ", "∘", "bullet", "∙",
		"oplus", "⊕", "ominus", "⊖", "otimes", "⊗", "odot", "⊙", "cup", "∪", "cap", "∩", "setminus", "∖", "wedge", "∧", "vee", "∨",
		"land", "∧", "lor", "∨", "le", "≤", "leq", "≤", "ge", "≥", "geq", "≥", "ne", "≠", "neq", "≠", "approx", "≈", "sim", "∼",
		"simeq", "≃", "cong", "≅", "equiv", "≡", "propto", "∝", "ll", "≪", "gg", "≫", "in", "∈", "notin", "∉", "ni", "∋",
		"subset", "⊂", "subseteq", "⊆", "supset", "⊃", "supseteq", "⊇", "prec", "≺", "preceq", "⪯", "succ", "≻", "succeq", "⪰",
		"perp", "⊥", "parallel", "∥", "mid", "∣", "leqslant", "⩽", "geqslant", "⩾", "lesssim", "≲", "gtrsim", "≳", "asymp", "≍",
		"to", "→", "rightarrow", "→", "leftarrow", "←", "gets", "←", "leftrightarrow", "↔", "Rightarrow", "⇒", "Leftarrow", "⇐",
		"Leftrightarrow", "⇔", "iff", "⟺", "implies", "⟹", "mapsto", "↦", "longrightarrow", "⟶", "uparrow", "↑", "downarrow", "↓",
		"coloneqq", "≔", "triangleq", "≜", "models", "⊨", "vdash", "⊢", "colon", ":")
	put(bigSymbol,
		"sum", "∑", "prod", "∏", "coprod", "∐", "bigcup", "⋃", "bigcap", "⋂", "bigoplus", "⨁", "bigotimes", "⨂", "bigvee", "⋁",
		"bigwedge", "⋀")
	put(integralSymbol, "int", "∫", "iint", "∬", "iiint", "∭", "oint", "∮")
	put(openSymbol, "{", "{", "lbrace", "{", "langle", "⟨", "lvert", "|", "lVert", "‖", "lfloor", "⌊", "lceil", "⌈", "lbrack", "[")
	put(closeSymbol, "}", "}", "rbrace", "}", "rangle", "⟩", "rvert", "|", "rVert", "‖", "rfloor", "⌋", "rceil", "⌉", "rbrack", "]",
		"vert", "|", "Vert", "‖", "|", "‖")
	put(plainSymbol, "neg", "¬", "lnot", "¬", "forall", "∀", "exists", "∃", "angle", "∠", "triangle", "△", "square", "□",
		"blacksquare", "■", "checkmark", "✓", "backslash", `\`)
	return m
}

// function is a name that is set upright.
type function struct {
	text   string
	limits bool
}

var functions = functionTable()

func functionTable() map[string]function {
	m := make(map[string]function)
	for _, name := range []string{"log", "ln", "lg", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh",
		"arcsin", "arccos", "arctan", "arg", "deg", "dim", "hom", "ker"} {
		m[name] = function{name, false}
	}
	for _, name := range []string{"max", "min", "sup", "inf", "lim", "det", "gcd", "Pr"} {
		m[name] = function{name, true}
	}
	m["limsup"], m["liminf"] = function{"lim\u2009sup", true}, function{"lim\u2009inf", true}
	m["argmin"], m["argmax"] = function{"arg\u2009min", true}, function{"arg\u2009max", true}
	return m
}

// character returns the node of a character that is not a letter.
func character(s string) (*node, bool) {
	switch s {
	case "-":
		s = "−"
	case "*":
		s = "∗"
	case "(", "[":
		n := fence(s)
		n.opens = true
		return n, true
	case ")", "]", "|":
		return fence(s), true
	case "!", "/", ".":
		return leaf("mo", s).with(`lspace="0" rspace="0"`), true
	case "\"", "`", "@":
		return leaf("mtext", s), true
	case "+", "=", "<", ">", ",", ";", ":", "?":
	default:
		return nil, false
	}
	n := leaf("mo", s)
	n.relates = true
	return n, true
}
