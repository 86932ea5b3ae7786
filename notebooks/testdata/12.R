# R --vanilla --quiet < 12.R > 12.out 2>&1
suppressPackageStartupMessages({library(lme4); library(MASS)})
cat(R.version.string, "lme4", format(packageVersion("lme4")), "\n")
study <- function(n, groups = 15, rows = 5, r = 0.9) {
  g <- factor(rep(1:groups, each = rows)); x <- rep(seq(-1, 1, length.out = rows), groups)
  S <- 0.5 * matrix(c(1, r, r, 1), 2)
  t(replicate(n, {
    b <- mvrnorm(groups, c(0, 0), S); y <- x + b[g, 1] + b[g, 2] * x + rnorm(groups * rows)
    a <- suppressMessages(suppressWarnings(lmer(y ~ x + (x | g)))); u <- suppressMessages(suppressWarnings(lmer(y ~ x + (x || g))))
    said <- unlist(a@optinfo$conv$lme4$messages)
    c(correlated.singular = isSingular(a), correlated.not.converged = any(grepl("failed to converge", said)), uncorrelated.singular = isSingular(u))
  }))
}
set.seed(16)
colSums(study(1000))
