library(lme4)
labs <- read.csv("../../lmm/datasets/data/labs.csv.gz", stringsAsFactors = TRUE)
fit <- lmer(response ~ dose + (dose | lab), labs)
fit
try(lmer(response ~ dose + (1 | lab), subset(labs, lab == "A")))
try(lmer(response ~ dose + (1 | lab), droplevels(subset(labs, lab != "A"))))
confint(fit, parm = "theta_", quiet = TRUE)
fit1 <- lmer(response ~ dose + (1 | lab), labs)
fit1
confint(fit1, quiet = TRUE)
R.version.string
packageVersion("lme4")
