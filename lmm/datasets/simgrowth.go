package datasets

import (
	"math"
	"math/rand/v2"

	"github.com/golmm/golmm/lmm/table"
)

// Dropout is why people leave a study.
type Dropout int

const (
	Completely Dropout = iota // at random, whatever their scores
	OnSeen                    // those whose last score was low leave
	OnUnseen                  // those whose next score would have been low leave
)

// Growth is people seen at several waves, each with a line of their own, who may
// leave for good after the first wave:
//
//	score = Intercept + b0 + (Slope + b1) (age - Origin) + e
//
// Ages at the first wave are drawn evenly from From to To. The columns are score,
// age, wave (0, 1, ...) and person.
type Growth struct {
	People   int     // default 300
	Waves    int     // default 3
	Interval float64 // years between waves, above 0; 0 is 4
	From, To float64 // both 0: 58 and 82
	Origin   float64

	Intercept, Slope     float64
	InterceptSD, SlopeSD float64 // of b0 and b1
	Correlation          float64 // of b0 and b1, -1 to 1
	Sigma                float64 // sd of e

	Leave float64 // probability of leaving before a wave, for people with a middling score
	Why   Dropout

	Seed uint64
}

// Truth is what the data are drawn from.
func (c Growth) Truth() Truth {
	age := "age"
	if c.Origin != 0 {
		age = "I(age - " + shortest(c.Origin) + ")"
	}
	t := Truth{Formula: "score ~ " + age + " + (" + age + " | person)"}
	t.Parameters = []Parameter{
		{"(Intercept)", c.Intercept}, {age, c.Slope}, {"sd_(Intercept)|person", c.InterceptSD}, {"sd_" + age + "|person", c.SlopeSD},
		{"cor_" + age + ".(Intercept)|person", c.Correlation}, {"sigma", c.Sigma}, {"probability of leaving", c.Leave},
	}
	t.Note = [...]string{
		"Who leaves does not depend on the scores: missing completely at random.",
		"Who leaves depends on the last score that was seen: missing at random.",
		"Who leaves depends on the score that was not seen: not at random.",
	}[min(max(c.Why, Completely), OnUnseen)]
	return t
}

// fill puts the defaults in.
func (c Growth) fill() Growth {
	c.People, c.Waves = size(c.People, 300), size(c.Waves, 3)
	if c.Interval == 0 {
		c.Interval = 4
	}
	if c.From == 0 && c.To == 0 {
		c.From, c.To = 58, 82
	}
	return c
}

func (c Growth) seed() uint64 { return c.Seed }

func (c Growth) check() error {
	c = c.fill()
	err := first(
		atLeast("People", c.People, 1), atLeast("Waves", c.Waves, 1), rowLimit(float64(c.People)*float64(c.Waves)),
		spread("Interval", c.Interval), finite("From", c.From), finite("To", c.To), finite("Origin", c.Origin),
		finite("Intercept", c.Intercept), finite("Slope", c.Slope),
		spread("InterceptSD", c.InterceptSD), spread("SlopeSD", c.SlopeSD), spread("Sigma", c.Sigma),
		within("Correlation", c.Correlation, -1, 1), within("Leave", c.Leave, 0, 1),
		within("Why", float64(c.Why), float64(Completely), float64(OnUnseen)),
	)
	if err == nil && c.To < c.From {
		err = &CaseError{"To", "is below From"}
	}
	return err
}

func (c Growth) draw(rng *rand.Rand) []*table.Column {
	c = c.fill()
	var score, age, wave []float64
	var person []int32
	for j := range c.People {
		start := c.From + (c.To-c.From)*rng.Float64()
		b0, b1 := pair(rng, [2]float64{c.InterceptSD, c.SlopeSD}, c.Correlation)
		last, left := 0.0, false
		for w := range c.Waves {
			// Who has left is drawn on, so that the data of the others do not depend on it.
			at := round(start + float64(w)*c.Interval)
			mean := c.Intercept + c.Slope*(at-c.Origin)
			y := round(mean + b0 + b1*(at-c.Origin) + c.Sigma*rng.NormFloat64())
			below := y - mean
			chance := rng.Float64()
			if w > 0 && !left {
				left = chance < c.leaving([...]float64{0, last, below}[c.Why])
			}
			last = below
			if left {
				continue
			}
			score, age, wave, person = append(score, y), append(age, at), append(wave, float64(w)), append(person, int32(j))
		}
	}
	return []*table.Column{table.NewFloats("score", score), table.NewFloats("age", age), table.NewFloats("wave", wave),
		numbered("person", "P", person, c.People)}
}

// leaving is the probability to leave of a person whose score lies so far above
// the average: its logit falls by 1.5 in a standard deviation.
func (c Growth) leaving(above float64) float64 {
	sd := math.Hypot(c.InterceptSD, c.Sigma)
	if c.Leave == 0 || c.Leave == 1 || sd == 0 {
		return c.Leave
	}
	return 1 / (1 + math.Exp(-math.Log(c.Leave/(1-c.Leave))+1.5*above/sd))
}
