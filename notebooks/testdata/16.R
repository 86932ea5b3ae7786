# R --vanilla --quiet < 16.R > 16.out 2>&1
suppressPackageStartupMessages(library(lme4))
cat(R.version.string, "lme4", format(packageVersion("lme4")), "\n")
countries <- read.csv("../../lmm/datasets/data/countries.csv.gz", stringsAsFactors = TRUE)
a <- lmer(y ~ site + x + (1 | site), countries)
b <- update(a, control = lmerControl(optimizer = "bobyqa"))
print(VarCorr(a))
print(VarCorr(b))
coef(summary(a))[c("siteS2", "x"), ]
coef(summary(b))[c("siteS2", "x"), ]
coef(summary(lm(y ~ site + x, countries)))[c("siteS2", "x"), ]
REMLcrit(a)
REMLcrit(b)
wards <- read.csv("../../lmm/datasets/data/wards.csv.gz", colClasses = c("factor", "factor", "numeric"))
near <- lmer(y ~ 1 + (1 | ward) + (1 | clinic), wards)
print(VarCorr(near))
wards$copy <- wards$ward
twice <- lmer(y ~ 1 + (1 | ward) + (1 | copy), wards)
print(VarCorr(twice))
again <- update(twice, control = lmerControl(optimizer = "bobyqa"))
print(VarCorr(again))
REMLcrit(twice)
REMLcrit(again)
ml <- lmer(y ~ site + x + (1 | site), countries, REML = FALSE)
print(VarCorr(ml))
aliased <- lmer(y ~ country + site + x + (1 | site), countries)
