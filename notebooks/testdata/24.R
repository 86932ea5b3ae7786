# R --vanilla --quiet < 24.R > 24.out 2>&1
options(error = expression(NULL))
suppressPackageStartupMessages({library(lme4); library(geepack)})
cat(R.version.string, "lme4", format(packageVersion("lme4")), "geepack", format(packageVersion("geepack")), "\n")
contraception <- read.csv("../../lmm/datasets/data/contraception.csv.gz", stringsAsFactors = TRUE)
a <- glmer(use ~ urban + age + livch + (1 | district), contraception, family = binomial)
round(coef(summary(a)), 4)
print(VarCorr(a))
b <- geeglm(as.integer(use == "Y") ~ urban + age + livch, id = district, data = contraception, family = binomial, corstr = "exchangeable")
round(coef(summary(b))[, 1:2], 4)
lme4::gls
