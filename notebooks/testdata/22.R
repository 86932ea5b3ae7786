# What lme4 says in lesson 22: Rscript 22.R pairs.csv > 22.out 2>&1
# pairs.csv has the rows of datasets.Simulate(datasets.Groups{Groups: 200, Rows: 4, Slope: 1,
# InterceptSD: 2, Response: datasets.Binary, Seed: 1}): y, x, g.
suppressMessages(library(lme4))
cat(R.version.string, "lme4", as.character(packageVersion("lme4")), "\n")
cows <- read.csv("../../lmm/datasets/data/cbpp.csv", colClasses = c(herd = "factor", period = "factor"))
say <- function(name, fit, nodes)
  cat(sprintf("%s nAGQ = %2d   logLik %9.3f   sd %.3f   messages: %d\n", name, nodes, as.numeric(logLik(fit)),
    getME(fit, "theta"), length(fit@optinfo$conv$lme4$messages)))
for (k in c(0, 1, 9, 25))
  say("cbpp", glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cows, binomial, nAGQ = k), k)
d <- read.csv(commandArgs(TRUE)[1], colClasses = c(g = "factor"))
for (k in c(0, 1, 9, 25)) say("few ", glmer(y ~ x + (1 | g), d, binomial, nAGQ = k), k)
try(glmer(r2 ~ Anger + (1 | id) + (1 | item), VerbAgg, binomial, nAGQ = 9))
