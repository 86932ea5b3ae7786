package jupyter

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// DataDir returns the user's Jupyter data folder, whether or not it exists: the
// variable JUPYTER_DATA_DIR, else ~/Library/Jupyter on macOS, %APPDATA%\jupyter on
// Windows, and $XDG_DATA_HOME/jupyter or ~/.local/share/jupyter elsewhere.
// Source: jupyter_core.paths.jupyter_data_dir.
func DataDir() (string, error) {
	return dataDir(runtime.GOOS, os.Getenv, os.UserHomeDir)
}

func dataDir(goos string, env func(string) string, home func() (string, error)) (string, error) {
	if dir := env("JUPYTER_DATA_DIR"); dir != "" {
		return filepath.Abs(dir)
	}
	switch goos {
	case "windows":
		if dir := env("APPDATA"); dir != "" {
			return filepath.Join(dir, "jupyter"), nil
		}
	case "darwin":
	default:
		// The XDG specification tells to ignore a relative path.
		if dir := env("XDG_DATA_HOME"); filepath.IsAbs(dir) {
			return filepath.Join(dir, "jupyter"), nil
		}
	}
	h, err := home()
	if err != nil {
		return "", errors.New("jupyter: no home folder to find Jupyter's data in; set JUPYTER_DATA_DIR: " + err.Error())
	}
	switch goos {
	case "windows":
		return filepath.Join(h, ".jupyter", "data"), nil
	case "darwin":
		return filepath.Join(h, "Library", "Jupyter"), nil
	}
	return filepath.Join(h, ".local", "share", "jupyter"), nil
}
