// Command generate writes names_gen.go, the names that the endpoint works with,
// from invoker.wsdl and invoker.xsd in the folder that it is given. So the endpoint cannot
// drift from what it publishes: a contract that says something the endpoint
// does not know is refused here.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], "names_gen.go"); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// run reads the published contract in folder and writes the names to file.
func run(folder, file string) error {
	p, err := read(folder)
	if err != nil {
		return err
	}
	names, err := p.names()
	if err != nil {
		return err
	}
	source, err := names.source()
	if err != nil {
		return err
	}
	return os.WriteFile(file, source, 0o644)
}
