# What lme4 says in lesson 19: Rscript 19.R > 19.out 2>&1
suppressMessages(library(lme4))
cat(R.version.string, "lme4", as.character(packageVersion("lme4")), "\n")
d <- read.csv("../../lmm/datasets/data/contraception.csv.gz", stringsAsFactors = TRUE)
d$district <- factor(d$district)
say <- function(name, fit) {
  cat(unlist(fit@optinfo$conv$lme4$messages), sep = "\n")
  g <- fit@optinfo$derivs$gradient
  H <- fit@optinfo$derivs$Hessian
  s <- try(solve(H, g), silent = TRUE)
  cat(sprintf("%s: -2 logLik %.6f   max|grad| %.3g   relgrad %.2g   decrement %.1e\n", name, -2 * as.numeric(logLik(fit)),
    max(abs(g)), max(abs(s)), sum(g * s) / 2))
  cat("  theta", sprintf("%.10g", getME(fit, "theta")), "\n")
}
quiet <- function(x) suppressWarnings(suppressMessages(x))
form <- use ~ age + I(age^2) + urban + livch + (1 | district)
say("default", quiet(glmer(form, d, binomial)))
say("bobyqa", quiet(glmer(form, d, binomial, control = glmerControl(optimizer = "bobyqa"))))
try(glmer(form, d, binomial, control = glmerControl(optimizer = "nlminbwrap")))
ten <- quiet(glmer(use ~ I(age / 10) + I((age / 10)^2) + urban + livch + (1 | district), d, binomial))
say("age in decades", ten)
big <- quiet(glmer(use ~ I(age * 12) + I((age * 12)^2) + urban + livch + (1 | district), d, binomial))
say("age in months", big)
say("tolPwrss = 1e-13", quiet(glmer(form, d, binomial, control = glmerControl(optimizer = "bobyqa", tolPwrss = 1e-13))))
