# What lme4 says in lesson 09: Rscript 09.R draws.csv > 09.out 2>&1
# draws.csv has the columns seed, g, x, y, crit: for each seed from 1 to 1000 the rows of
# diagnose.Draw(diagnose.Layout(15, 5), diagnose.SlopeTruth(math.Sqrt(0.5), 0.9), seed)
# and the criterion of lmm.Fit("y ~ x + (x | g)", ..., nil).
suppressMessages(library(lme4))
cat(R.version.string, "lme4", as.character(packageVersion("lme4")), "\n")
criterion <- function(m) if (isREML(m)) REMLcrit(m) else -2 * as.numeric(logLik(m))
say <- function(name, m) {
  g <- m@optinfo$derivs$gradient
  H <- m@optinfo$derivs$Hessian
  cat("\n", name, sprintf(": criterion %.3f, max|grad| %.2g, relgrad %.2g\n", criterion(m), max(abs(g)), max(abs(solve(H, g)))), sep = "")
  cat(unlist(m@optinfo$conv$lme4$messages), sep = "\n")
  cat("theta", paste(sprintf("%.12g", getME(m, "theta")), collapse = ", "), "\n")
  print(summary(m)$coefficients)
}
quiet <- function(x) suppressWarnings(suppressMessages(x))
s <- sleepstudy
s$D5 <- s$Days * 1e5
say("curve", quiet(lmer(Reaction ~ Days + I(Days^2) + (Days + I(Days^2) | Subject), s)))
say("middle", quiet(lmer(Reaction ~ I(Days - 4.5) + I((Days - 4.5)^2) + (I(Days - 4.5) + I((Days - 4.5)^2) | Subject), s)))
say("units", quiet(lmer(Reaction ~ Days + (D5 | Subject), s, REML = FALSE)))

d <- read.csv(commandArgs(TRUE)[1], colClasses = c(g = "factor"))
groups <- subset(d, seed == 407)
say("groups", quiet(lmer(y ~ x + (x | g), groups)))
say("groups, bobyqa", quiet(lmer(y ~ x + (x | g), groups, control = lmerControl(optimizer = "bobyqa"))))
say("units, bobyqa", quiet(lmer(Reaction ~ Days + (D5 | Subject), s, REML = FALSE, control = lmerControl(optimizer = "bobyqa"))))
say("seed 636", quiet(lmer(y ~ x + (x | g), subset(d, seed == 636))))

runs <- do.call(rbind, lapply(split(d, d$seed), function(z) {
  m <- quiet(lmer(y ~ x + (x | g), z))
  data.frame(seed = z$seed[1], above = REMLcrit(m) - z$crit[1], says = paste(sub("grad\\| = .*", "grad|", unlist(m@optinfo$conv$lme4$messages)), collapse = "; "))
}))
cat("\nover all data sets: what lmer says, and whether its criterion is more than 0.01 above the lowest\n")
print(table(runs$says, runs$above > 0.01))
print(runs[runs$above > 0.01 | grepl("grad", runs$says), c("seed", "above")], row.names = FALSE)
