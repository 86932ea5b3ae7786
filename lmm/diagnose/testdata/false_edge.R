# lmer stops at a false edge: theta_1 = 0 with a positive derivative there, while
# the same covariance matrix with the sign of its column changed has a negative
# one. Writes false_edge.csv and prints theta as lmer returns it.
suppressMessages(library(lme4))
found <- 0
for (seed in 1:3000) {
  set.seed(seed)
  d <- data.frame(g = factor(rep(sprintf("g%d", 1:8), each = 5)))
  d$x <- round(rnorm(40), 2)
  b0 <- rnorm(8, 0, 0.5); b1 <- rnorm(8, 0, 0.5) * 0.6 + 0.8 * b0
  d$y <- round(1 + d$x + b0[d$g] + b1[d$g] * d$x + rnorm(40), 2)
  m <- suppressWarnings(suppressMessages(lmer(y ~ x + (x | g), d)))
  th <- getME(m, "theta")
  if (th[1] > 1e-7 || abs(th[2]) < 1e-2) next
  dv <- update(m, devFunOnly = TRUE)
  up <- (dv(th + c(1e-5, 0, 0)) - dv(th)) / 1e-5
  flip <- c(th[1], -th[2], th[3])
  down <- (dv(flip + c(1e-5, 0, 0)) - dv(flip)) / 1e-5
  best <- suppressWarnings(REMLcrit(update(m, start = flip + c(0.1, 0, 0.1))))
  if (up > 0 && down < 0 && REMLcrit(m) - best > 0.1) {
    cat(seed, sprintf("%.17g", c(th, REMLcrit(m), best, up, down)), "\n")
    write.csv(d, "false_edge.csv", row.names = FALSE, quote = FALSE)
    break
  }
}
