package setup

// The tools installed beside golmm that are no dependencies of the module. GoNB is
// one, and go.mod pins it.
const (
	goimportsModule = "golang.org/x/tools/cmd/goimports@v0.52.0"
	goplsModule     = "golang.org/x/tools/gopls@v0.23.0"
)
