package wsdl_test

import (
	"strings"
	"testing"

	"rator/wire"
	"rator/wsdl"
)

func TestTyped(t *testing.T) {
	for _, c := range shown() {
		t.Run(c.Hookpoint, func(t *testing.T) {
			made, err := wsdl.Typed(address, c)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, "typed/"+c.Hookpoint+".wsdl", made)
		})
	}
}

func TestTypedRefusesANameThatNoElementHas(t *testing.T) {
	_, err := wsdl.Typed(address, dynamic())
	if err == nil || !strings.Contains(err.Error(), dynamic().Hookpoint) || !strings.Contains(err.Error(), wire.Operation) {
		t.Errorf("error %v, want one that names the hookpoint and the way to call it", err)
	}
}
