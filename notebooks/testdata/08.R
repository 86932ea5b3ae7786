# What lme4 says in lesson 08: Rscript 08.R maximal.csv > 08.out 2>&1
# maximal.csv has the columns subject, item, a, b, y of the lesson's data (seed 1).
suppressMessages(library(lme4))
cat(R.version.string, "lme4", as.character(packageVersion("lme4")), "\n")
d <- read.csv(commandArgs(TRUE)[1], stringsAsFactors = TRUE)
m <- lmer(y ~ a * b + (a * b | subject) + (a * b | item), d)
print(VarCorr(m))
print(REMLcrit(m))
print(summary(m)$coefficients)
