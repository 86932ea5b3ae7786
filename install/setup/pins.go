package setup

// The tools installed beside golmm. go.mod pins GoNB; the others are no dependencies of
// the module and have their versions here.
const (
	gonbModule      = "github.com/janpfeifer/gonb"
	goimportsModule = "golang.org/x/tools/cmd/goimports@v0.52.0"
	goplsModule     = "golang.org/x/tools/gopls@v0.23.0"
)
