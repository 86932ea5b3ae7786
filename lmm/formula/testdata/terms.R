# Writes terms.tsv: intercept and term labels of every line of terms.txt.
# R 4.2.2, run in this folder: Rscript terms.R
f <- readLines("terms.txt")
out <- vapply(f, function(s) {
  t <- terms(as.formula(paste("y ~", s)))
  paste(c(s, attr(t, "intercept"), attr(t, "term.labels")), collapse = "\t")
}, "")
writeLines(out, "terms.tsv")
