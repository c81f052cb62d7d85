package server

import (
	"context"

	"rator/access"
	"rator/catalogue"
	"rator/store"
)

// Admission is whom a store lets in, as a start looks at it.
type Admission struct {
	Brands    int
	Operators int
	Known     []string // enabled operators whose password everybody knows, by name
}

// AdmissionOf marks the demo's operator in a store of a version that did not (access.MarkDemo),
// and looks who is let in.
func AdmissionOf(ctx context.Context, st store.Store) (a Admission, err error) {
	if err := access.MarkDemo(ctx, st, access.CommandLine, DemoOperator, DemoPassword); err != nil {
		return a, err
	}
	err = st.View(ctx, func(tx store.Tx) error {
		a = Admission{}
		for _, err := range catalogue.Brands.Scan(tx) {
			if err != nil {
				return err
			}
			a.Brands++
		}
		operators, err := access.Operators(tx)
		a.Operators = len(operators)
		for _, o := range operators {
			if o.Demo && o.Enabled {
				a.Known = append(a.Known, o.Name)
			}
		}
		return err
	})
	return a, err
}
