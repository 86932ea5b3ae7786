# What lme4 says in lesson 10: Rscript 10.R > 10.out 2>&1
suppressMessages(library(lme4))
cat(R.version.string, "lme4", as.character(packageVersion("lme4")), "\n")
quiet <- function(x) suppressWarnings(suppressMessages(x))
optimizers <- list(nloptwrap = list(), bobyqa = list(), Nelder_Mead = list(), nlminbwrap = list(), nmkbw = list())
all <- function(name, f, d, start = NULL) {
  cat("\n", name, "\n", sep = "")
  for (o in names(optimizers)) {
    m <- tryCatch(quiet(lmer(f, d, start = start, control = lmerControl(optimizer = o))), error = function(e) e)
    if (inherits(m, "error")) { cat(sprintf("%-12s %s\n", o, conditionMessage(m))); next }
    sd <- as.data.frame(VarCorr(m))$sdcor
    cat(sprintf("%-12s %10.3f  fixed %s  se %s  sd, corr %s  %s\n", o, REMLcrit(m), paste(sprintf("%.3f", fixef(m)), collapse = " "),
      paste(sprintf("%.3f", sqrt(diag(as.matrix(vcov(m))))), collapse = " "),
      paste(sprintf("%.4g", sd), collapse = " "), paste(sub("\n.*", "", unlist(m@optinfo$conv$lme4$messages)), collapse = "; ")))
  }
}
s <- sleepstudy
s$micro <- s$Days * 1e6
all("units", Reaction ~ Days + (micro | Subject), s)
o <- as.data.frame(nlme::Orthodont)
o$male <- as.numeric(o$Sex == "Male")
all("ridge", distance ~ age * Sex + (age + male | Subject), o)

sizes <- c(33, 28, 27, 3, 6, 1)
means <- c(-0.12, -0.14, -0.16, -0.03, -0.19, 4.71)
clinics <- do.call(rbind, lapply(1:6, function(g) {
  n <- sizes[g]
  i <- seq_len(n)
  e <- i - (n + 1) / 2
  if (n > 1) e <- e / sqrt(sum(e^2) / (n - 1))
  data.frame(clinic = factor(LETTERS[g], LETTERS[1:6]), y = means[g] + e)
}))
all("two maxima, default start", y ~ 1 + (1 | clinic), clinics)
all("two maxima, start 0.01", y ~ 1 + (1 | clinic), clinics, 0.01)
all("two maxima, start 5", y ~ 1 + (1 | clinic), clinics, 5)
cat("\nunits, theta of the default:", paste(sprintf("%.12g", getME(quiet(lmer(Reaction ~ Days + (micro | Subject), s)), "theta")), collapse = ", "), "\n")
cat("\nclinics, start 0.01, default\n", unlist(suppressMessages(lmer(y ~ 1 + (1 | clinic), clinics, start = 0.01))@optinfo$conv$lme4$messages), sep = "")
