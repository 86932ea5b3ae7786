# What lme4 says in lesson 21: Rscript 21.R > 21.out 2>&1
suppressMessages(library(lme4))
cat(R.version.string, "lme4", as.character(packageVersion("lme4")), "\n")
d <- read.csv("../../lmm/datasets/data/grouseticks.csv", colClasses = c(INDEX = "factor", BROOD = "factor", YEAR = "factor", LOCATION = "factor"))
fit <- glmer(TICKS ~ YEAR + cHEIGHT + (1 | BROOD), d, poisson, control = glmerControl(optimizer = "bobyqa"))
cat("messages:", length(fit@optinfo$conv$lme4$messages), "\n")
print(round(summary(fit)$coefficients, 4))
r <- residuals(fit, "pearson")
cat("sum of squared Pearson residuals over their df:", round(sum(r^2) / df.residual(fit), 2), "\n")
