package nb

import (
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cache"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

const sleepFormula = "Reaction ~ Days + (Days | Subject)"

func TestShowModel(t *testing.T) {
	t.Setenv(cache.ModeVariable, "off")
	for _, thing := range []any{Fit(sleepFormula, Data("sleepstudy")), Fit(sleepFormula, Data("sleepstudy").Get())} {
		b, err := render(thing)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(b.text, "CONVERGED, INTERIOR") || !strings.Contains(b.html, "251.405") {
			t.Errorf("%+v", b)
		}
	}
}

// A fit that is not at an interior maximum says how its causes are told.
func TestShowPointsToTheDiagnosis(t *testing.T) {
	t.Setenv(cache.ModeVariable, "off")
	for _, c := range []struct {
		m    *Model
		want bool
	}{{Fit("Yield ~ 1 + (1 | Batch)", Data("Dyestuff2")), true}, {Fit(sleepFormula, Data("sleepstudy")), false}} {
		b, err := render(c.m)
		if err != nil || strings.Contains(b.text, "nb.Diagnose(m") != c.want {
			t.Errorf("%v\n%s", err, b.text)
		}
	}
}

// A model or a table of nb can do what that of the library can, so code is the
// same with either.
func TestMethodsAreThose(t *testing.T) {
	for _, pair := range [][2]reflect.Type{
		{reflect.TypeFor[*lmm.Model](), reflect.TypeFor[*Model]()},
		{reflect.TypeFor[*table.Table](), reflect.TypeFor[*Table]()},
	} {
		for i := range pair[0].NumMethod() {
			want := pair[0].Method(i)
			got, ok := pair[1].MethodByName(want.Name)
			if !ok {
				t.Errorf("%v has no method %s, which %v has: add it, calling Get", pair[1], want.Name, pair[0])
				continue
			}
			for k := 1; k < want.Type.NumIn(); k++ {
				if got.Type.NumIn() != want.Type.NumIn() || got.Type.In(k) != want.Type.In(k) {
					t.Errorf("%s: %v, want %v", want.Name, got.Type, want.Type)
				}
			}
		}
	}
}

// What a declaration computes is computed once, when it is used, whoever uses
// it first.
func TestValueIsComputedOnce(t *testing.T) {
	var mu sync.Mutex
	calls := 0
	v := Later(func() (int, error) {
		mu.Lock()
		defer mu.Unlock()
		calls++
		return 7, nil
	})
	if calls != 0 {
		t.Fatal("computed without use")
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if v.Get() != 7 {
				t.Error("another value")
			}
		})
	}
	wg.Wait()
	if b, err := render(v); err != nil || b.text != "7" || calls != 1 {
		t.Errorf("%q, %v, %d calls", b.text, err, calls)
	}
}

// The error of a table or a model stays what it is, and appears with the line
// that declares it.
func TestErrorsOfLazyValues(t *testing.T) {
	bad := Data("sleepstdy").Where(func(table.Row) bool { return true })
	m := Fit(sleepFormula, bad)
	_, err := m.result()
	if err == nil || !strings.Contains(err.Error(), `did you mean "sleepstudy"?`) || !strings.Contains(err.Error(), `Declared by: bad := Data("sleepstdy")`) {
		t.Errorf("%v", err)
	}
	_, err = Profile(m).result()
	if err == nil || !strings.Contains(err.Error(), "sleepstdy") {
		t.Errorf("%v", err)
	}
	for _, v := range []lazy{
		Fit(sleepFormula, (*Table)(nil)), Fit(sleepFormula, (*table.Table)(nil)),
		Fit(sleepFormula, Data("sleepstudy"), nil, nil),
		Profile((*Model)(nil)), Bootstrap((*lmm.Model)(nil), nil), Bootstrap(Fit(sleepFormula, Data("sleepstudy")), &infer.BootstrapOptions{Replicates: -1}),
		Later(func() (int, error) { panic(errors.New("broken")) }),
	} {
		x, err := v.shown()
		if err == nil || !strings.Contains(err.Error(), "Declared by: ") {
			t.Errorf("%v, %v", x, err)
		}
	}
}

// Results of package infer show themselves.
func TestShowInference(t *testing.T) {
	t.Setenv(cache.ModeVariable, "off")
	sleep := Data("sleepstudy")
	m := Fit(sleepFormula, sleep)
	small := Fit("Reaction ~ Days + (1 | Subject)", sleep)
	for _, c := range []struct {
		thing any
		text  string
	}{
		{Compare(small, m), "AIC"},
		{Profile(small), "Days"},
	} {
		b, err := render(c.thing)
		if err != nil || !strings.Contains(b.text, c.text) || b.html == "" {
			t.Errorf("%T: %v, %s", c.thing, err, b.text)
		}
	}
}

// A fit that took long comes from the cache the next time, and says so unless
// that is not wanted.
func TestFitFromTheCache(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, home)
	}
	t.Setenv(cache.ModeVariable, "on")
	settings := cache.FromEnvironment()
	settings.Least = 1 // keep what is fast too
	tab := Data("sleepstudy").Get()
	if _, from, err := cache.Fit(cache.Open(settings), sleepFormula, tab, nil); err != nil || from.Note != "" {
		t.Fatalf("%+v, %v", from, err)
	}
	text := func() string {
		b, err := render(Fit(sleepFormula, tab))
		if err != nil {
			t.Fatal(err)
		}
		return b.text
	}
	cached := text()
	if !strings.Contains(cached, "From the cache: computed on ") {
		t.Errorf("no note:\n%s", cached)
	}
	t.Setenv(cache.ModeVariable, "quiet")
	quiet := text()
	t.Setenv(cache.ModeVariable, "off")
	if off := text(); quiet != off || strings.Contains(off, "cache") || !strings.HasPrefix(cached, "CONVERGED") {
		t.Errorf("quiet:\n%s\noff:\n%s", quiet, off)
	}
}
