package diagnose

import "github.com/golmm/golmm/lmm/certify"

// The limits that a finding is held against, each with its source, and the sizes
// up to which something is computed. Those of the verdict (1e-4 and 1e-2 of the
// Newton decrement, 1e-10 of the Gram matrix) stand in package certify; those of
// D2 and D3 in package design. The rates of wrong verdicts with all of them are in
// testdata/calibration.md.
const (
	// flatRatio: eigenvalues of the Hessian in scaled coordinates below this
	// share of the largest are flat directions (Brooks et al. 2017, glmmTMB's
	// eval_eps). In 10,000 simulated data sets nothing lies within a factor 10 of
	// it: fits of designs that tell the variances apart have 1e-4 or more; those
	// where the residual variance hardly shows, groups of two rows with two
	// effects, 1e-6 or less.
	flatRatio = 1e-5
	// negativeDrop is the 95 % quantile of chi-square with 1 degree of freedom:
	// 0 is inside the range of a variance that may be negative. If the model
	// holds, 2.5 % of fits exceed it in large samples, 2 to 4 % in small ones.
	negativeDrop = 3.841458820694124
	// betterBy: a fit whose criterion is above another of the same model by more
	// has not converged. 1e-3 is a twentieth of a standard error.
	betterBy = 1e-3
	// roundingBelow is what rounding and the last Newton step leave.
	roundingBelow = 1e-8
	// rivalBelow: maxima that differ by less are both inside of a 95 % region for
	// one parameter.
	rivalBelow = negativeDrop
	// noiseShare is the share of a sum of squares below which it is rounding of
	// doubles over some thousand rows.
	noiseShare = 1e-12
	// directionCut: principal components of the random effects with a standard
	// deviation below this share of the largest do not vary. The fit sets them
	// to 0; what remains is rounding of roots of eigenvalues.
	directionCut = 1e-6
	// outlyingP is the adjusted p value from which a group is said to lie out
	// (Holm 1979: the chance of any false alarm).
	outlyingP = 0.01
	// simplerP: a smaller random-effects structure is preferred if its test has
	// a p value of at least this (Matuschek et al. 2017, sec. 3).
	simplerP = 0.2
	// fewLevels is the number of levels below which a variance is estimated from
	// so few numbers that a fixed effect is tried too; that of D3.
	fewLevels = 5
	// fewFixedLevels is the number of levels up to which a grouping factor is
	// tried as a fixed effect.
	fewFixedLevels = 30
	// oneKindShare is the share of levels whose responses are all alike from which
	// it is said.
	oneKindShare = 0.5
	// eventsEach is the number of events for each coefficient below which the bias
	// of estimates is seen (Peduzzi et al. 1996). It is a note: how many are needed
	// depends on more (van Smeden et al. 2016).
	eventsEach = 10
	// dispersionAbove and dispersionBelow are ratios of Pearson's statistic to its
	// degrees of freedom outside of which standard errors are wrong by a tenth,
	// dispersionSerious one by which they are by four tenths.
	dispersionAbove, dispersionBelow, dispersionSerious = 1.2, 0.8, 2
	// drawnP is the p value by drawing below which it is said. Of 400 sets of 30
	// groups of 10 rows, Poisson counts and 10 trials, drawn from their own model, 4
	// are said to have another dispersion, of 200 of counts none too many zeros.
	drawnP = 0.01
	// largeChange is a change of the linear predictor over two standard deviations
	// of a covariate that no effect has: on the logit scale 5 takes 0.01 to 0.5
	// (Gelman et al. 2008), and 10 takes a probability across all that is seen.
	largeChange = 10
	// gradientLimit is lme4's limit of max|grad|, gradientIdle a decrement so far
	// below certify.ConvergedBelow that passing the limit there says nothing.
	gradientLimit, gradientIdle = 0.002, 1e-12
	// sdsDiffer is a relative change of a standard deviation of random effects that
	// is seen.
	sdsDiffer = 0.1
	// twinShare is the share of rows from which two grouping factors count as one
	// under two names: 1 in 20 rows otherwise.
	twinShare = 0.95
	// maxWaves is the number of values up to which a column may be that of a wave.
	maxWaves = 30
	// criteriaDiffer: criteria of optimizers that differ by more are not the same
	// (C6). Half a squared distance of 0.01 is 1/7 of a standard error.
	criteriaDiffer = certify.PolishBelow
	// effectsDiffer: a change of a fixed effect in standard errors that is seen
	// (C6); it moves a p value of 0.05 by 0.01.
	effectsDiffer = 0.1
	// matricesDiffer is a relative change of a covariance matrix that is seen.
	matricesDiffer = 0.1
	// ridgeDiffers is one that a search for a maximum that is a ridge does not leave by
	// stopping early.
	ridgeDiffers = 1e-3
	// barrierBetween: two points with one criterion and a rise of less between
	// them are in one basin: it is ten times what two converged fits may differ by.
	barrierBetween = 10 * certify.ConvergedBelow
)

const (
	// maxFits is the default of Options.MaxFits.
	maxFits = 12
	// maxRungs ends a ladder that no model of a paper needs.
	maxRungs = 40
	// denseRows is the number of rows up to which the covariance matrix of the rows
	// is written out to free one variance of a crossed model: its factor costs
	// n^3 / 3 operations, some tenths of a second.
	denseRows = 1000
	// freeSteps is the limit of the iterations of releaseMatrix, freeGoal the
	// decrement in -2 log L at which it has arrived.
	freeSteps = 500
	freeGoal  = 1e-11
	// searchStarts is the number of scattered starts of the remedy that searches
	// again: a maximum with a twentieth of the starts in its valley is missed with
	// a chance of a third, one with a fifth of them with a chance of 1 in 100.
	searchStarts = 20
	// searchCost is the number of random effects of one grouping factor up to which
	// they are affordable, crossedCost that of several: some tenths of a second.
	searchCost  = 500
	crossedCost = 150
	// generalStarts is searchStarts for a generalised model, of which a fit costs a
	// hundred times as much; generalCrossed the number of random effects of several
	// grouping factors and generalRows that of rows, times nodes of one factor, up to
	// which they are affordable: some seconds.
	generalStarts  = 6
	generalCrossed = 400
	generalRows    = 20_000
	// otherStarts and otherEvaluations are the budget of each of the other
	// optimisers, otherParams the number of variance parameters up to which those
	// without derivatives get anywhere with it.
	otherStarts      = 2
	otherEvaluations = 3000
	otherParams      = 6
	// manyModes is the number of fixed effects times random effects above which the
	// distances of groups, which cost as many solves, and degrees of freedom are
	// not computed.
	manyModes = 200_000
	// maxWithin is the number of rows times columns up to which separation
	// within groups is sought: a second or two.
	maxWithin = 10_000_000
	// spreadDraws is the number of draws that responses are held against, leastDraws
	// that below which a p value cannot be below drawnP, maxDrawn the number of
	// responses drawn altogether: a second.
	spreadDraws = 499
	leastDraws  = 100
	maxDrawn    = 10_000_000
	// checkNodes is the number of nodes that Laplace's approximation is held
	// against: enough for all but groups of few rows with a large variance, where
	// the difference shows with less.
	checkNodes = 9
	// maxNodesDim is the largest number of random effects of a level with which
	// quadrature is tried; dearNodes the number of rows, times the square of the
	// dimension, up to which it is without being asked for, dearTried where
	// remedies are tried.
	maxNodesDim = 2
	dearNodes   = 5_000
	dearTried   = 50_000
)
