package proxy

import (
	"os"
	"sync"
	"time"

	"github.com/golmm/golmm/lmm/table"
)

// columns keeps the names of the columns of the data files that were completed: a
// front end asks at each Tab.
type columns struct {
	mu    sync.Mutex
	files map[string]dataFile
}

type dataFile struct {
	changed time.Time
	size    int64
	names   []string
}

// of returns the names of the columns of a data file.
func (c *columns) of(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if f, ok := c.files[path]; ok && f.changed.Equal(info.ModTime()) && f.size == info.Size() {
		return f.names, nil
	}
	t, err := table.ReadCSVFile(path, nil)
	if err != nil {
		return nil, err
	}
	if c.files == nil {
		c.files = make(map[string]dataFile)
	}
	c.files[path] = dataFile{info.ModTime(), info.Size(), t.Names()}
	return t.Names(), nil
}
