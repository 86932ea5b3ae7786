package datasets

import "github.com/golmm/golmm/lmm/table"

const (
	pinheiroBates  = "Pinheiro, J.C. and Bates, D.M. (2000). Mixed-Effects Models in S and S-PLUS. Springer"
	daviesGold     = "Davies, O.L. and Goldsmith, P.L. (eds) (1972). Statistical Methods in Research and Production, 4th ed. Oliver & Boyd"
	handCrowder    = "Hand, D. and Crowder, M. (1996). Practical Longitudinal Data Analysis. Chapman & Hall"
	devore         = "Devore, J.L. (2000). Probability and Statistics for Engineering and the Sciences, 5th ed. Duxbury"
	dyestuffYield  = "yield of dyestuff"
	standardColour = "g of standard colour"
)

// catalogue lists the data sets. It is never written to.
var catalogue = [...]Set{
	{
		Name:  "sleepstudy",
		Title: "Reaction times of 18 people who slept 3 hours a night",
		Source: "Belenky, G. et al. (2003). Patterns of performance degradation and restoration during sleep restriction and subsequent recovery: " +
			"a sleep dose-response study. Journal of Sleep Research 12, 1-12",
		Rows: 180,
		Columns: []Column{
			{Name: "Reaction", Kind: table.Float, Unit: "ms", Meaning: "average reaction time of the day"},
			{Name: "Days", Kind: table.Float, Unit: "day", Meaning: "day of the study; 0 and 1 were for training, 2 is the baseline, short nights follow"},
			{Name: "Subject", Kind: table.Factor, Meaning: "person"},
		},
	},
	{
		Name:   "Dyestuff",
		Title:  "Yield of dyestuff from 6 batches of an intermediate product, 5 preparations of each",
		Source: daviesGold + ", sec. 6.4",
		Rows:   30,
		Columns: []Column{
			{Name: "Batch", Kind: table.Factor, Meaning: "batch of the intermediate product"},
			{Name: "Yield", Kind: table.Float, Unit: standardColour, Meaning: dyestuffYield},
		},
	},
	{
		Name:   "Dyestuff2",
		Title:  "Simulated yields, laid out as Dyestuff, with little variation between batches",
		Source: "Box, G.E.P. and Tiao, G.C. (1973). Bayesian Inference in Statistical Analysis. Addison-Wesley, sec. 5.1.2",
		Rows:   30,
		Columns: []Column{
			{Name: "Batch", Kind: table.Factor, Meaning: "batch"},
			{Name: "Yield", Kind: table.Float, Meaning: "simulated yield"},
		},
	},
	{
		Name:   "Penicillin",
		Title:  "Penicillin assay: 24 plates crossed with 6 samples",
		Source: daviesGold + ", sec. 6.6",
		Rows:   144,
		Columns: []Column{
			{Name: "diameter", Kind: table.Float, Unit: "mm", Meaning: "diameter of the zone where the penicillin stops growth"},
			{Name: "plate", Kind: table.Factor, Meaning: "assay plate"},
			{Name: "sample", Kind: table.Factor, Meaning: "penicillin sample"},
		},
	},
	{
		Name:   "Pastes",
		Title:  "Strength of a chemical paste: 10 deliveries, 3 casks of each, 2 tests of a cask",
		Source: daviesGold + ", sec. 6.5",
		Rows:   60,
		Columns: []Column{
			{Name: "strength", Kind: table.Float, Meaning: "strength of the paste"},
			{Name: "batch", Kind: table.Factor, Meaning: "delivery"},
			{Name: "cask", Kind: table.Factor, Meaning: "cask within the delivery"},
			{Name: "sample", Kind: table.Factor, Meaning: "cask, named as batch:cask"},
		},
	},
	{
		Name:  "cake",
		Title: "Angle at which chocolate cakes break: 3 recipes, 15 mixes of each, 6 baking temperatures of each mix",
		Source: "Cook, F.E. (1938). Chocolate cake, I. Optimum baking temperature. Master's thesis, Iowa State College; " +
			"in Cochran, W.G. and Cox, G.M. (1957). Experimental Designs, 2nd ed. Wiley, p. 300",
		Rows: 270,
		Columns: []Column{
			{Name: "replicate", Kind: table.Factor, Meaning: "mix within the recipe, in order of time", levels: "1..15"},
			{Name: "recipe", Kind: table.Factor, Meaning: "recipe"},
			{Name: "temperature", Kind: table.Ordered, Unit: "degree F", Meaning: "baking temperature, as an ordered factor"},
			{Name: "angle", Kind: table.Int, Unit: "degree", Meaning: "angle at which the cake broke"},
			{Name: "temp", Kind: table.Float, Unit: "degree F", Meaning: "baking temperature, as a number"},
		},
	},
	{
		Name:  "cbpp",
		Title: "New cases of contagious bovine pleuropneumonia in 15 herds over 4 periods",
		Source: "Lesnoff, M. et al. (2004). Within-herd spread of contagious bovine pleuropneumonia in Ethiopian highlands. " +
			"Preventive Veterinary Medicine 64, 27-40",
		Rows: 56,
		Columns: []Column{
			{Name: "herd", Kind: table.Factor, Meaning: "herd", levels: "1..15"},
			{Name: "incidence", Kind: table.Float, Unit: "animals", Meaning: "new cases by blood test in the period"},
			{Name: "size", Kind: table.Float, Unit: "animals", Meaning: "size of the herd at the start of the period"},
			{Name: "period", Kind: table.Factor, Meaning: "period, a quarter of a year"},
		},
	},
	{
		Name:  "Orthodont",
		Title: "Growth of the jaw of 27 children at 8, 10, 12 and 14 years",
		Source: "Potthoff, R.F. and Roy, S.N. (1964). A generalized multivariate analysis of variance model useful especially for growth curve problems. " +
			"Biometrika 51, 313-326",
		Rows: 108,
		Columns: []Column{
			{Name: "distance", Kind: table.Float, Unit: "mm", Meaning: "distance from the pituitary to the pterygomaxillary fissure"},
			{Name: "age", Kind: table.Float, Unit: "year", Meaning: "age"},
			{Name: "Subject", Kind: table.Ordered, Meaning: "child, in order of the mean distance within each sex",
				levels: "M16 M05 M02 M11 M07 M08 M03 M12 M13 M14 M09 M15 M06 M04 M01 M10 F10 F09 F06 F01 F05 F07 F02 F08 F03 F04 F11"},
			{Name: "Sex", Kind: table.Factor, Meaning: "sex", levels: "Male Female"},
		},
	},
	{
		Name:  "Oats",
		Title: "Split-plot trial of 3 varieties of oats with 4 amounts of nitrogen in 6 blocks",
		Source: "Yates, F. (1935). Complex experiments. Supplement to the Journal of the Royal Statistical Society 2, 181-247; " +
			"in Venables, W.N. and Ripley, B.D. (2002). Modern Applied Statistics with S, 4th ed. Springer, sec. 10.2",
		Rows: 72,
		Columns: []Column{
			{Name: "Block", Kind: table.Ordered, Meaning: "block, in order of the largest yield", levels: "VI V III IV II I"},
			{Name: "Variety", Kind: table.Factor, Meaning: "variety, one a whole plot"},
			{Name: "nitro", Kind: table.Float, Unit: "cwt/acre", Meaning: "nitrogen given to the sub-plot"},
			{Name: "yield", Kind: table.Float, Unit: "1/4 lb", Meaning: "yield of the sub-plot of 1/80 acre"},
		},
	},
	{
		Name:  "Machines",
		Title: "Productivity of 6 workers on 3 machines, 3 times each",
		Source: "Milliken, G.A. and Johnson, D.E. (1992). Analysis of Messy Data, vol. I: Designed Experiments. Chapman & Hall, p. 285; " +
			"in " + pinheiroBates + ", sec. 1.3",
		Rows: 54,
		Columns: []Column{
			{Name: "Worker", Kind: table.Ordered, Meaning: "worker, in order of the largest score", levels: "6 2 4 1 3 5"},
			{Name: "Machine", Kind: table.Factor, Meaning: "brand of machine"},
			{Name: "score", Kind: table.Float, Meaning: "productivity score"},
		},
	},
	{
		Name:   "Rail",
		Title:  "Travel time of ultrasonic waves in 6 railway rails, 3 times each",
		Source: devore + ", ex. 10.10; in " + pinheiroBates + ", sec. 1.1",
		Rows:   18,
		Columns: []Column{
			{Name: "Rail", Kind: table.Ordered, Meaning: "rail, in order of the mean time", levels: "2 5 1 6 3 4"},
			{Name: "travel", Kind: table.Float, Unit: "ns", Meaning: "travel time of the head wave, less 36100 ns"},
		},
	},
	{
		Name:  "ergoStool",
		Title: "Effort of 9 people to rise from 4 types of stool",
		Source: "The effects of a pneumatic stool and a one-legged stool on lower limb joint load and muscular activity during sitting and rising (1993). " +
			"Ergonomics 36, 519-535; in " + devore + ", and " + pinheiroBates + ", sec. 1.2",
		Rows: 36,
		Columns: []Column{
			{Name: "effort", Kind: table.Float, Unit: "Borg scale", Meaning: "effort to rise"},
			{Name: "Type", Kind: table.Factor, Meaning: "type of stool"},
			{Name: "Subject", Kind: table.Ordered, Meaning: "person, in order of the mean effort", levels: "8 5 4 9 6 3 7 1 2"},
		},
	},
	{
		Name:   "BodyWeight",
		Title:  "Weight of 16 rats on 3 diets over 64 days",
		Source: handCrowder + "; earlier in Crowder, M.J. and Hand, D.J. (1990). Analysis of Repeated Measures. Chapman & Hall, table 2.4",
		Rows:   176,
		Columns: []Column{
			{Name: "weight", Kind: table.Float, Unit: "g", Meaning: "body weight"},
			{Name: "Time", Kind: table.Float, Unit: "day", Meaning: "day of the measurement: 1, 8, ..., 64, and 44"},
			{Name: "Rat", Kind: table.Ordered, Meaning: "rat, in order of the largest weight within each diet", levels: "2 3 4 1 8 5 6 7 11 9 10 12 13 15 14 16"},
			{Name: "Diet", Kind: table.Factor, Meaning: "diet"},
		},
	},
	{
		Name:  "Oxide",
		Title: "Thickness of the oxide layer at 3 sites of 3 wafers of each of 8 lots",
		Source: "Littell, R.C., Milliken, G.A., Stroup, W.W. and Wolfinger, R.D. (1996). SAS System for Mixed Models. SAS Institute, p. 155; " +
			"in " + pinheiroBates + ", app. A.20",
		Rows: 72,
		Columns: []Column{
			{Name: "Source", Kind: table.Factor, Meaning: "source of the lot"},
			{Name: "Lot", Kind: table.Factor, Meaning: "lot"},
			{Name: "Wafer", Kind: table.Factor, Meaning: "wafer within the lot"},
			{Name: "Site", Kind: table.Factor, Meaning: "site on the wafer"},
			{Name: "Thickness", Kind: table.Float, Meaning: "thickness of the oxide layer"},
		},
	},
	{
		Name:   "Assay",
		Title:  "Cell-culture bioassay: 6 samples and 5 dilutions in a split-block design on one plate",
		Source: pinheiroBates + ", app. A.2 (data of R. Wolfe and D. Lansky)",
		Rows:   60,
		Columns: []Column{
			{Name: "Block", Kind: table.Ordered, Meaning: "half of the plate", levels: "2 1"},
			{Name: "sample", Kind: table.Factor, Meaning: "sample, one a row of the block"},
			{Name: "dilut", Kind: table.Factor, Meaning: "step of dilution, one a column of the block"},
			{Name: "logDens", Kind: table.Float, Meaning: "logarithm of the optical density, which grows with the number of living cells"},
		},
	},
	{
		Name:   "Pixel",
		Title:  "Brightness of lymph nodes on both sides of 10 dogs in CT scans after contrast medium",
		Source: pinheiroBates + ", sec. 1.5 and app. A.24",
		Rows:   102,
		Columns: []Column{
			{Name: "Dog", Kind: table.Factor, Meaning: "dog"},
			{Name: "Side", Kind: table.Factor, Meaning: "left or right side of the dog"},
			{Name: "day", Kind: table.Float, Unit: "day", Meaning: "days since the contrast medium was given"},
			{Name: "pixel", Kind: table.Float, Meaning: "mean pixel intensity of the lymph node"},
		},
	},
	{
		Name:  "RatPupWeight",
		Title: "Birth weight of the pups of 27 rats given 3 doses of a compound",
		Source: "Dempster, A.P., Selwyn, M.R., Patel, C.M. and Roth, A.J. (1984). Statistical and computational aspects of mixed model analysis. " +
			"Applied Statistics 33, 203-214; in " + pinheiroBates,
		Rows: 322,
		Columns: []Column{
			{Name: "weight", Kind: table.Float, Unit: "g", Meaning: "birth weight"},
			{Name: "sex", Kind: table.Factor, Meaning: "sex", levels: "Male Female"},
			{Name: "Litter", Kind: table.Ordered, Meaning: "litter, in order of the largest weight within each dose",
				levels: "9 8 7 4 2 10 1 3 5 6 21 22 24 27 26 25 23 17 11 14 13 15 16 20 19 18 12"},
			{Name: "Lsize", Kind: table.Float, Unit: "pups", Meaning: "size of the litter"},
			{Name: "Treatment", Kind: table.Ordered, Meaning: "dose given to the mother", levels: "Control Low High"},
		},
	},
	{
		Name:   "Glucose",
		Title:  "Blood glucose of 6 people around meals at 6 times of the day; 2 values are missing",
		Source: handCrowder,
		Rows:   378,
		Columns: []Column{
			{Name: "Subject", Kind: table.Ordered, Meaning: "person, in order of the largest value", levels: "6 2 3 5 1 4"},
			{Name: "Time", Kind: table.Float, Unit: "hour", Meaning: "time since the meal"},
			{Name: "conc", Kind: table.Float, Meaning: "concentration of glucose in the blood"},
			{Name: "Meal", Kind: table.Ordered, Meaning: "time of the meal", levels: "2am 6am 10am 2pm 6pm 10pm"},
		},
	},
	{
		Name:  "grouseticks",
		Title: "Ticks on the heads of 403 red grouse chicks",
		Source: "Elston, D.A. et al. (2001). Analysis of aggregation, a worked example: numbers of ticks on red grouse chicks. " +
			"Parasitology 122, 563-569",
		Rows: 403,
		Columns: []Column{
			{Name: "INDEX", Kind: table.Factor, Meaning: "chick", levels: "1..403"},
			{Name: "TICKS", Kind: table.Float, Meaning: "number of ticks"},
			{Name: "BROOD", Kind: table.Factor, Meaning: "brood"},
			{Name: "HEIGHT", Kind: table.Float, Unit: "m", Meaning: "height above sea level"},
			{Name: "YEAR", Kind: table.Factor, Meaning: "year"},
			{Name: "LOCATION", Kind: table.Factor, Meaning: "place", levels: "1..63"},
			{Name: "cHEIGHT", Kind: table.Float, Unit: "m", Meaning: "height above the mean of all chicks"},
		},
	},
	{
		Name:  "VerbAgg",
		Title: "Answers of 316 people to 24 questions on verbal aggression",
		Source: "Vansteelandt, K. (2000). Formal models for contextualized personality psychology. Ph.D. thesis, K.U. Leuven; " +
			"in De Boeck, P. and Wilson, M. (2004). Explanatory Item Response Models. Springer",
		Rows: 7584,
		Columns: []Column{
			{Name: "Anger", Kind: table.Int, Meaning: "trait anger score of the person"},
			{Name: "Gender", Kind: table.Factor, Meaning: "gender of the person"},
			{Name: "item", Kind: table.Factor, Meaning: "question: situation, want or do, behaviour",
				levels: "S1WantCurse S1WantScold S1WantShout S2WantCurse S2WantScold S2WantShout S3WantCurse S3WantScold S3WantShout " +
					"S4wantCurse S4WantScold S4WantShout S1DoCurse S1DoScold S1DoShout S2DoCurse S2DoScold S2DoShout " +
					"S3DoCurse S3DoScold S3DoShout S4DoCurse S4DoScold S4DoShout"},
			{Name: "resp", Kind: table.Ordered, Meaning: "answer"},
			{Name: "id", Kind: table.Factor, Meaning: "person", levels: "1..316"},
			{Name: "btype", Kind: table.Factor, Meaning: "behaviour"},
			{Name: "situ", Kind: table.Factor, Meaning: "who is to blame for the situation"},
			{Name: "mode", Kind: table.Factor, Meaning: "what the person would want or would do", levels: "want do"},
			{Name: "r2", Kind: table.Factor, Meaning: "answer in two classes: Y for perhaps and yes"},
		},
	},
}
