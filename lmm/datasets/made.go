package datasets

import "github.com/golmm/golmm/lmm/table"

// simulatedBy opens the source of data whose truth is known.
const simulatedBy = "simulated with R 4.2.2; truth: "

// made lists the data sets of the lessons on fits that fail: simulated but for
// contraception. It is never written to.
var made = [...]Set{
	{
		Name:   "classrooms",
		Title:  "Scores of 432 parents of the children of 24 classes, which do not differ",
		Source: simulatedBy + "score = 50 + 2 involvement + error; sd 0 between classes, 8 within",
		Rows:   432,
		Columns: []Column{
			{Name: "class", Kind: table.Factor, Meaning: "class of the child"},
			{Name: "involvement", Kind: table.Float, Meaning: "involvement in the school, mean 0 and sd 1"},
			{Name: "score", Kind: table.Float, Meaning: "score of the parent"},
		},
	},
	{
		Name:   "pens",
		Title:  "Gain of 160 animals in 40 pens of 4 that compete for one trough",
		Source: simulatedBy + "gain = 10 + 0.5 place + error; variance 4, correlation -0.25 within a pen (its limit is -1/3)",
		Rows:   160,
		Columns: []Column{
			{Name: "pen", Kind: table.Factor, Meaning: "pen"},
			{Name: "place", Kind: table.Int, Meaning: "place at the trough, 0 to 3"},
			{Name: "gain", Kind: table.Float, Meaning: "gain in weight"},
		},
	},
	{
		Name:  "incomes",
		Title: "Income and spending of 600 households in 30 regions",
		Source: simulatedBy + "spending = 10 + b0 + (2 + b1) income / 1000000 + error; variances 4 of b0 and 1 of b1, covariance 0.5, " +
			"error variance 1",
		Rows: 600,
		Columns: []Column{
			{Name: "region", Kind: table.Factor, Meaning: "region", levels: "1..30"},
			{Name: "income", Kind: table.Float, Unit: "currency a year", Meaning: "income of the household, 1 to 5 million"},
			{Name: "spending", Kind: table.Float, Meaning: "spending of the household"},
		},
	},
	{
		Name:   "visits",
		Title:  "Scores of 15 people at 2 visits",
		Source: simulatedBy + "score = 5 + b0 + (1 + b1) visit + error; sd 1 of b0, 0.5 of b1, 0.3 of the error",
		Rows:   30,
		Columns: []Column{
			{Name: "person", Kind: table.Factor, Meaning: "person"},
			{Name: "visit", Kind: table.Int, Meaning: "visit, 0 or 1"},
			{Name: "score", Kind: table.Float, Meaning: "score"},
		},
	},
	{
		Name:   "once",
		Title:  "Scores of 20 people, each seen once",
		Source: simulatedBy + "score is normal with mean 0 and sd 1",
		Rows:   20,
		Columns: []Column{
			{Name: "person", Kind: table.Factor, Meaning: "person", levels: "1..20"},
			{Name: "score", Kind: table.Float, Meaning: "score"},
		},
	},
	{
		Name:   "sites",
		Title:  "113 observations at 100 sites, 90 of them seen once",
		Source: simulatedBy + "y = 3 + b0 + x + error; sd 1 between sites, 1 within",
		Rows:   113,
		Columns: []Column{
			{Name: "site", Kind: table.Factor, Meaning: "site"},
			{Name: "x", Kind: table.Float, Meaning: "covariate, mean 0 and sd 1"},
			{Name: "y", Kind: table.Float, Meaning: "response"},
		},
	},
	{
		Name:  "labs",
		Title: "Response to 30 doses in each of 3 laboratories",
		Source: simulatedBy + "response = 2 + a + (1 + b) dose + error; a = -1, 0.2, 0.9 and b = 0.3, -0.1, -0.2 in A, B, C; " +
			"error sd 0.7",
		Rows: 90,
		Columns: []Column{
			{Name: "lab", Kind: table.Factor, Meaning: "laboratory"},
			{Name: "dose", Kind: table.Float, Meaning: "dose, 0 to 2.9"},
			{Name: "response", Kind: table.Float, Meaning: "response"},
		},
	},
	{
		Name:   "schools",
		Title:  "Scores of 200 pupils of 25 schools, whose size is known of the school alone",
		Source: simulatedBy + "score = 1 + 0.5 size + b0 + error; sd 1 between schools, 1 within",
		Rows:   200,
		Columns: []Column{
			{Name: "school", Kind: table.Factor, Meaning: "school"},
			{Name: "size", Kind: table.Float, Meaning: "size of the school, mean 0 and sd 1"},
			{Name: "score", Kind: table.Float, Meaning: "score of the pupil"},
		},
	},
	{
		Name:  "rats",
		Title: "Correlation of the signals of 6 pairs of electrodes in 10 rats, 5 times each",
		Source: simulatedBy + "cc = mean of the pair + 0.1 w u + error; u a normal number of the rat, weights w of the pairs 1, 1.1, 0.9, 1.2, 1, 0.8, " +
			"sd 0.01 of a rat's pair, error sd 0.08",
		Rows: 300,
		Columns: []Column{
			{Name: "rat", Kind: table.Factor, Meaning: "rat"},
			{Name: "pair", Kind: table.Factor, Meaning: "pair of electrodes"},
			{Name: "cc", Kind: table.Float, Meaning: "correlation of the two signals"},
		},
	},
	{
		Name:  "contraception",
		Title: "Use of contraception by 1934 women in 60 districts of Bangladesh",
		Source: "Huq, N.M. and Cleland, J. (1990). Bangladesh Fertility Survey 1989 (Main Report). National Institute of Population Research and Training; " +
			"as in the R package mlmRev",
		Rows: 1934,
		Columns: []Column{
			{Name: "use", Kind: table.Factor, Meaning: "uses contraception, N or Y"},
			{Name: "district", Kind: table.Factor, Meaning: "district", levels: "1..53 55..61"},
			{Name: "age", Kind: table.Float, Unit: "year", Meaning: "age less the mean age"},
			{Name: "urban", Kind: table.Factor, Meaning: "lives in a town, N or Y"},
			{Name: "livch", Kind: table.Factor, Meaning: "living children"},
		},
	},
	{
		Name:  "trial",
		Title: "180 patients of 12 centres: all who were treated were cured",
		Source: simulatedBy + "treated: cured. Not treated: logit of the probability 0.5 x + b0; sd 0.5 between centres. " +
			"Every second centre treats",
		Rows: 180,
		Columns: []Column{
			{Name: "centre", Kind: table.Factor, Meaning: "centre", levels: "1..12"},
			{Name: "x", Kind: table.Float, Meaning: "covariate, mean 0 and sd 1"},
			{Name: "treated", Kind: table.Int, Meaning: "1 in the centres that treat, else 0"},
			{Name: "cured", Kind: table.Int, Meaning: "1 if cured, else 0"},
		},
	},
	{
		Name:   "countries",
		Title:  "96 observations at 8 sites in 4 countries",
		Source: simulatedBy + "y = 2 + b0 + 0.4 x + error; sd 1 between sites, 1 within; countries do not differ",
		Rows:   96,
		Columns: []Column{
			{Name: "country", Kind: table.Factor, Meaning: "country, 2 sites in each"},
			{Name: "site", Kind: table.Factor, Meaning: "site"},
			{Name: "rank", Kind: table.Int, Meaning: "number of the site, 1 to 8"},
			{Name: "x", Kind: table.Float, Meaning: "covariate, mean 0 and sd 1"},
			{Name: "y", Kind: table.Float, Meaning: "response"},
		},
	},
	{
		Name:   "wards",
		Title:  "400 patients with two groupings that are nearly one: 40 wards, 40 clinics",
		Source: simulatedBy + "y = 1 + b0 + error; sd 1 between wards, 1 within; ward and clinic differ in 6 rows",
		Rows:   400,
		Columns: []Column{
			{Name: "ward", Kind: table.Factor, Meaning: "ward", levels: "1..40"},
			{Name: "clinic", Kind: table.Factor, Meaning: "clinic", levels: "1..40"},
			{Name: "y", Kind: table.Float, Meaning: "response"},
		},
	},
	{
		Name:  "memory",
		Title: "Memory of 300 people of 58 to 82 years at up to 3 waves, 4 years apart: 300, 230 and 140 took part",
		Source: simulatedBy + "score = 100 + b0 - (0.55 - b1) (age - 70) + error; variances 25 of b0 and 0.02 of b1, covariance 0.3, " +
			"error sd 3; dropout at random",
		Rows: 670,
		Columns: []Column{
			{Name: "person", Kind: table.Factor, Meaning: "person"},
			{Name: "wave", Kind: table.Int, Meaning: "wave, 0 to 2"},
			{Name: "age", Kind: table.Float, Unit: "year", Meaning: "age at the test"},
			{Name: "score", Kind: table.Float, Meaning: "score in the memory test"},
		},
	},
	{
		Name:   "fields",
		Title:  "Response of 20 fields to a covariate, 10 plots each",
		Source: simulatedBy + "y = 3 + b0 + (0.5 + b1) x + error; sd 1 of b0, 0.4 of b1, 1 of the error",
		Rows:   200,
		Columns: []Column{
			{Name: "field", Kind: table.Factor, Meaning: "field", levels: "1..20"},
			{Name: "x", Kind: table.Float, Meaning: "covariate, mean 0 and sd 1"},
			{Name: "y", Kind: table.Float, Meaning: "response"},
		},
	},
	{
		Name:  "families",
		Title: "Two traits of 200 children in 50 families of 4",
		Source: simulatedBy + "family variances 0.3 and 0.3 with correlation 0.97; within families variances 1 and 1 with correlation 0.1; " +
			"means 10 and 20",
		Rows: 400,
		Columns: []Column{
			{Name: "family", Kind: table.Factor, Meaning: "family"},
			{Name: "child", Kind: table.Factor, Meaning: "child"},
			{Name: "trait", Kind: table.Factor, Meaning: "trait"},
			{Name: "y", Kind: table.Float, Meaning: "value of the trait"},
		},
	},
}
