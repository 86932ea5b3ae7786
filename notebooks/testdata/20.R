# What R says in lesson 20: Rscript 20.R dose.csv > 20.out 2>&1
# dose.csv has the columns y, x, dose, g of the data of the lesson.
suppressMessages(library(lme4))
cat(R.version.string, "lme4", as.character(packageVersion("lme4")), "\n")
d <- read.csv(commandArgs(TRUE)[1], colClasses = c(g = "factor"))
d$dose <- factor(d$dose, levels = c("none", "low", "high"))
fit <- glmer(y ~ x + dose + (1 | g), d, binomial)
print(summary(fit)$coefficients)
print(summary(glm(y ~ x + dose, binomial, d))$coefficients)
e <- data.frame(dose = 1:8, dead = c(0, 0, 0, 0, 1, 1, 1, 1))
print(summary(glm(dead ~ dose, binomial, e))$coefficients)
print(summary(glm(y ~ x + dose, binomial, d, epsilon = 1e-12, maxit = 100))$coefficients)
