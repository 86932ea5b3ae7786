package cache

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Names of the environment variables.
const (
	ModeVariable  = "GOLMM_CACHE"
	SizeVariable  = "GOLMM_CACHE_SIZE"
	LeastVariable = "GOLMM_CACHE_LEAST"
)

const (
	defaultLimit = 256 << 20
	defaultLeast = 50 * time.Millisecond
)

// Settings of Open. The zero value is a cache that is off.
type Settings struct {
	// Dir is the folder; "" keeps nothing.
	Dir string
	// Limit is the size that the folder may have, in bytes; 0 is 256 MB.
	Limit int64
	// Least is what a result must have taken to be kept; 0 is 50 ms.
	Least time.Duration
	// Quiet: results do not say that they come from the cache.
	Quiet bool
	// Note says what is wrong with the environment, "" if nothing is.
	Note string
}

// FromEnvironment returns the settings of the user: the folder golmm in the
// user's cache folder, and what the variables say.
func FromEnvironment() Settings {
	s := Settings{}
	switch mode := strings.ToLower(strings.TrimSpace(os.Getenv(ModeVariable))); mode {
	case "off":
		return s
	case "quiet":
		s.Quiet = true
	case "", "on":
	default:
		s.Note = fmt.Sprintf("%s=%s is not understood and taken as on; known are on, off and quiet", ModeVariable, mode)
	}
	base, err := os.UserCacheDir()
	if err != nil {
		s.Note = fmt.Sprintf("nothing is kept for later: %v", err)
		return s
	}
	s.Dir = filepath.Join(base, "golmm", "results")
	if text := os.Getenv(SizeVariable); text != "" {
		if s.Limit, err = parseSize(text); err != nil {
			s.Note = fmt.Sprintf("%s: %v; 256MB is taken", SizeVariable, err)
		}
	}
	if text := os.Getenv(LeastVariable); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			s.Note = fmt.Sprintf("%s=%s is no time such as 50ms or 2s; %v is taken", LeastVariable, text, defaultLeast)
		} else {
			s.Least = max(d, 1)
		}
	}
	return s
}

// parseSize reads a number of bytes with a unit, decimal or not: 512MB, 1.5 GB.
func parseSize(text string) (int64, error) {
	digits := strings.ToUpper(strings.TrimSpace(text))
	unit := 1.0
	for _, u := range []struct {
		name string
		size float64
	}{{"TB", 1 << 40}, {"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}, {"B", 1}} {
		if rest, ok := strings.CutSuffix(digits, u.name); ok {
			digits, unit = strings.TrimSpace(rest), u.size
			break
		}
	}
	x, err := strconv.ParseFloat(digits, 64)
	if err != nil || !(x > 0) || math.IsInf(x*unit, 0) || x*unit >= math.MaxInt64 {
		return 0, fmt.Errorf("%q is no size; write a number and a unit, such as 512MB or 2GB", text)
	}
	return int64(x * unit), nil
}
