# What R says in lesson 23: Rscript 23.R > 23.out 2>&1
cat(R.version.string, "\n")
d <- expand.grid(A = c("no", "yes"), B = c("no", "yes"))
d$n <- c(500, 250, 200, 150)
d$event <- c(20, 14, 12, 17)
log2 <- function(name, fit) {
  cat(name, "\n")
  print(round(coef(summary(fit)), 4))
}
log2("one row for each cell", glm(cbind(event, n - event) ~ A * B, binomial("log"), d))
twice <- glm(cbind(event, n - event) ~ A * B, binomial("log"), d, weights = n)
log2("the frequencies once more as weights", twice)
lost <- glm(event ~ A * B, poisson, d)
log2("without the column n", lost)
cat("residual df", df.residual(lost), " residual deviance", format(deviance(lost), digits = 2), "\n")
d$cell <- factor(1:4)
suppressMessages(library(lme4))
cat("lme4", as.character(packageVersion("lme4")), "\n")
try(glmer(event ~ A * B + offset(log(n)) + (1 | cell), d, poisson))
