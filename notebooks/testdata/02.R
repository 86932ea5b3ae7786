# What lme4 says in lesson 02: Rscript 02.R incomes.csv > 02.out 2>&1
suppressMessages(library(lme4))
cat(R.version.string, "lme4", as.character(packageVersion("lme4")), "\n")
criterion <- function(m) if (isREML(m)) REMLcrit(m) else -2 * as.numeric(logLik(m))
try1 <- function(f, d, ...) {
  w <- c()
  m <- tryCatch(withCallingHandlers(lmer(f, d, ...), warning = function(x) { w <<- c(w, conditionMessage(x)); invokeRestart("muffleWarning") },
     message = function(x) { w <<- c(w, conditionMessage(x)); invokeRestart("muffleMessage") }), error = function(e) conditionMessage(e))
  list(m = m, w = unique(w))
}
say <- function(name, r) {
  if (is.character(r$m)) { cat("\n", name, ": error\n", r$m, "\n", sep = ""); return(invisible()) }
  cat("\n", name, sprintf(": criterion %.3f\n", criterion(r$m)), sep = "")
  cat(trimws(r$w), sep = "\n")
  cat("theta", paste(sprintf("%.12g", getME(r$m, "theta")), collapse = ", "), "\n")
  print(summary(r$m)$coefficients)
}
for (k in 0:7) {
  s <- sleepstudy
  s$D <- s$Days * 10^k
  say(sprintf("Days * 1e%d", k), try1(Reaction ~ Days + (D | Subject), s, REML = FALSE))
}
for (k in c(-6, -4, -2)) {
  s <- sleepstudy
  s$D <- s$Days * 10^k
  say(sprintf("Days * 1e%d", k), try1(Reaction ~ Days + (D | Subject), s, REML = FALSE))
}
for (k in c(-9, 9)) {
  s <- sleepstudy
  s$R <- s$Reaction * 10^k
  say(sprintf("Reaction * 1e%d", k), try1(R ~ Days + (Days | Subject), s, REML = FALSE))
}
for (o in c(1e6, 1e8, 1e10)) {
  s <- sleepstudy
  s$R <- s$Reaction + o
  say(sprintf("Reaction + %g", o), try1(R ~ Days + (Days | Subject), s, REML = FALSE))
}
# incomes.csv is the data set incomes of golmm.
d <- read.csv(commandArgs(TRUE)[1])
d$million <- d$income / 1e6
d$z <- as.numeric(scale(d$income))
say("income", try1(spending ~ income + (income | region), d))
say("million", try1(spending ~ million + (million | region), d))
say("scale(income)", try1(spending ~ z + (z | region), d))
