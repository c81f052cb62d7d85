package catalogue

import _ "embed"

//go:embed demo.toml
var demo []byte

// Demo is the catalogue that `rator serve --demo` imports, and the example to
// start one's own from: brands DEMO and DEMO2.
func Demo() []byte { return demo }
