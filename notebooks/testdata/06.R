# What nlme says in lesson 06: Rscript 06.R > 06.out 2>&1
suppressMessages(library(nlme))
cat(R.version.string, "nlme", as.character(packageVersion("nlme")), "\n")
data(sleepstudy, Dyestuff2, package = "lme4")

fit <- lme(Reaction ~ Days + I(Days^2), random = ~ Days + I(Days^2) | Subject, sleepstudy)
print(intervals(fit))

# The same thirty rows in a hundred orders.
kinds <- c(error = 0, infinite = 0, finite = 0)
upper <- c()
for (seed in 1:100) {
  set.seed(seed)
  m <- lme(Yield ~ 1, random = ~ 1 | Batch, Dyestuff2[sample(30), ])
  r <- try(intervals(m)$reStruct$Batch, silent = TRUE)
  if (inherits(r, "try-error")) {
    if (kinds["error"] == 0) cat(r)
    kinds["error"] <- kinds["error"] + 1
  } else {
    if (is.infinite(r$upper)) kinds["infinite"] <- kinds["infinite"] + 1 else kinds["finite"] <- kinds["finite"] + 1
    upper <- c(upper, r$upper)
  }
}
print(kinds)
print(min(upper))
m <- lme(Yield ~ 1, random = ~ 1 | Batch, Dyestuff2)
print(intervals(m)$reStruct$Batch)
print(-2 * logLik(m))

m <- lme(conc ~ Time + I(Time^2) + Meal, random = ~ 1 | Subject/Meal, Glucose, na.action = na.omit)
cat(try(intervals(m), silent = TRUE))
