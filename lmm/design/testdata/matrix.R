# Writes matrix.json.gz: model matrices of R for the formulas below, on the rows
# of `d` and, with what was learned there, on those of `new`.
# R 4.2.2, jsonlite; run in this folder: Rscript matrix.R
library(jsonlite)
library(splines)
set.seed(20)
n <- 40
d <- data.frame(y = round(rnorm(n), 3), x = round(runif(n, 0, 10), 2), z = round(rexp(n), 3),
  k = rep(1:8, 5), f = rep(c("a", "b", "c", "d"), 10), h = rep(c("u", "v"), each = 20),
  o = rep(c("low", "mid", "high", "top"), each = 10), p = rep(sprintf("l%02d", 1:10), 4),
  s = rep(c(TRUE, FALSE, TRUE, TRUE, FALSE), 8), n = rep(c(0.5, 1.5, 10, 2), 10))
d$x[7] <- NA
d$y[c(3, 30)] <- NA
d$f[11] <- NA
new <- data.frame(x = c(-1, 0, 2.5, 9.99, 12), z = c(0.1, 0.2, 3, 0.05, 1), k = c(1, 8, 4, 5, 5),
  f = c("d", "a", "b", "c", "a"), h = c("v", "u", "u", "v", "v"), o = c("top", "low", "mid", "mid", "high"),
  p = c("l10", "l01", "l05", "l05", "l02"), s = c(FALSE, TRUE, TRUE, FALSE, FALSE), n = c(10, 2, 0.5, 1.5, 10))
prepare <- function(d) {
  for (v in c("f", "h", "p")) d[[v]] <- factor(d[[v]], levels = sort(unique(c(d[[v]], new[[v]]))))
  d$o <- factor(d$o, c("low", "mid", "high", "top"), ordered = TRUE)
  d
}
matrices <- function(src, contrasts = NULL) {
  f <- as.formula(paste("y ~", gsub("\\bcenter\\(x\\)", "scale(x, scale = FALSE)", src)))
  mf <- model.frame(f, prepare(d), drop.unused.levels = TRUE)
  X <- model.matrix(f, mf, contrasts.arg = contrasts)
  tt <- delete.response(terms(mf))
  nf <- model.frame(tt, prepare(new), xlev = .getXlevels(tt, mf))
  N <- model.matrix(tt, nf, contrasts.arg = contrasts)
  names <- gsub("scale(x, scale = FALSE)", if (grepl("center", src)) "center(x)" else "scale(x, scale = FALSE)", colnames(X), fixed = TRUE)
  list(formula = src, contrasts = if (is.null(contrasts)) setNames(list(), character()) else contrasts,
    names = I(names), rank = qr(X)$rank, dropped = I(names[-qr(X)$pivot[seq_len(qr(X)$rank)]]), x = unname(X), new = unname(N))
}
out <- list(
  matrices("1"), matrices("x"), matrices("0 + x"), matrices("f"), matrices("0 + f"), matrices("0 + x + f + h"),
  matrices("f * h"), matrices("f:h"), matrices("0 + f:h"), matrices("x + x:f"), matrices("0 + x + x:f"),
  matrices("f + f:h"), matrices("h:f + f"), matrices("f/x"), matrices("f * x * h"), matrices("o"), matrices("o * x"),
  matrices("0 + o"), matrices("s"), matrices("0 + s"), matrices("s * f"), matrices("x > 3"), matrices("I(x > 3 & s)"),
  matrices("I(f == 'b' | h != 'u')"), matrices("I(f %in% c('b', 'c'))"), matrices("poly(z, 3)"), matrices("poly(z, 3):f"),
  matrices("poly(z, 1)"), matrices("poly(z, 2, raw = TRUE)"), matrices("poly(k, 7)"), matrices("ns(x, df = 4)"),
  matrices("ns(x, 1)"), matrices("ns(z, knots = c(0.5, 1)) * h"), matrices("ns(k, 3)"), matrices("scale(x)"), matrices("center(x)"),
  matrices("scale(x, center = FALSE)"), matrices("scale(x, center = 5, scale = 2) + scale(z, scale = 3)"), matrices("log(z) + log(z, 2) + sqrt(z)"),
  matrices("I(x^2) + I(-x/3) + exp(-z) + abs(x - 5) + log1p(z) + log10(z) + log2(z)"),
  matrices("sin(2 * pi * x) + cos(2 * pi * x)"), matrices("factor(n)"), matrices("factor(k) + x"), matrices("ordered(n)"),
  matrices("ordered(f)"), matrices("factor(f, levels = c('c', 'a', 'b', 'd'))"), matrices("as.integer(o) + as.numeric(factor(f)) + as.integer(x)"),
  matrices("f", list(f = "contr.sum")), matrices("f", list(f = "contr.helmert")), matrices("f", list(f = "contr.poly")),
  matrices("o", list(o = "contr.treatment")), matrices("f * h + o", list(f = "contr.sum", h = "contr.helmert")),
  matrices("factor(n) * x", list(`factor(n)` = "contr.sum")), matrices("p"), matrices("ordered(p)"),
  matrices("p + f + o + p:f"), matrices("x + I(2 * x) + z + I(x + z)"), matrices("I(x * 1e9) + I(x * 1e-9) + z"),
  matrices("as.integer(x > 3) + I(5 - x) + !s"))
write(toJSON(list(data = d, new = new, matrices = out), digits = I(15), na = "null", dataframe = "columns", auto_unbox = TRUE),
  gzfile("matrix.json.gz"))
