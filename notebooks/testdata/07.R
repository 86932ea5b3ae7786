# What lme4 and nlme say in lesson 07: Rscript 07.R rats.csv > 07.out 2>&1
# rats.csv is the data set rats of golmm.
suppressMessages({ library(nlme); library(lme4) })
cat(R.version.string, "lme4", as.character(packageVersion("lme4")), "nlme", as.character(packageVersion("nlme")), "\n")
rats <- read.csv(commandArgs(TRUE)[1], stringsAsFactors = TRUE)
m <- lmer(cc ~ pair + (pair | rat), rats)
print(VarCorr(m))
print(REMLcrit(m))
print(summary(rePCA(m)))
cat("\n(pair || rat)\n")
print(VarCorr(lmer(cc ~ pair + (pair || rat), rats)))
for (k in levels(rats$pair)) {
  rats$p <- relevel(rats$pair, k)
  m <- suppressMessages(lmer(cc ~ p + (p | rat), rats))
  cat("reference", k, "correlations with the intercept", round(attr(VarCorr(m)$rat, "correlation")[-1, 1], 2), "criterion", REMLcrit(m), "\n")
}
cat("\nlme(cc ~ pair, random = ~ pair | rat)\n")
cat(try(lme(cc ~ pair, random = ~ pair | rat, rats), silent = TRUE))
