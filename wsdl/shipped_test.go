package wsdl_test

import (
	"os"
	"path/filepath"
	"testing"

	"rator/wire"
	"rator/workflow/contract"
	"rator/wsdl"
)

// shipped are the contracts of the hookpoints in the binary.
func shipped(t *testing.T) []*contract.Contract {
	t.Helper()
	src, err := os.ReadFile("../workflow/hookpoints/types.xml")
	if err != nil {
		t.Fatal(err)
	}
	types, mistakes := contract.ParseTypes("types.xml", src, nil)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	files, err := filepath.Glob("../workflow/hookpoints/*/contract.xml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no shipped contracts: %v", err)
	}
	var all []*contract.Contract
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c, mistakes := contract.Parse(file, src, types)
		if len(mistakes) > 0 {
			t.Fatal(mistakes)
		}
		all = append(all, c)
	}
	return all
}

// Of every shipped hookpoint: the samples keep the contract, and the typed WSDL
// takes its samples.
func TestShippedHookpoints(t *testing.T) {
	all := shipped(t)
	for _, c := range all {
		t.Run(c.Hookpoint, func(t *testing.T) {
			schema := typedSchema(t, c)
			for direction, s := range map[string]struct {
				make   func(*contract.Contract, wsdl.Form) ([]byte, error)
				values []*contract.Value
			}{"request": {wsdl.SampleRequest, c.Request}, "answer": {wsdl.SampleAnswer, c.Response}} {
				keyed, err := s.make(c, wsdl.ByKey)
				if err != nil {
					t.Fatal(err)
				}
				body := parse(t, keyed).FindElement("/Envelope/Body/*")
				valid(t, wsdl.Schema(), body)
				values := tree(body.FindElement("./*"), wire.Values)
				if _, report := contract.Check(s.values, values, contract.Options{Request: direction == "request"}); len(report.Violations) > 0 || report.Warnings > 0 {
					t.Errorf("the sample %s breaks its contract: %+v", direction, report)
				}
				named, err := s.make(c, wsdl.ByName)
				if err != nil {
					t.Fatal(err)
				}
				valid(t, schema, parse(t, named).FindElement("/Envelope/Body/*"))
			}
		})
	}
	if _, err := wsdl.Page(all, topics(), address); err != nil {
		t.Error(err)
	}
}
