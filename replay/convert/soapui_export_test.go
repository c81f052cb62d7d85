package convert_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"rator/mask"
	"rator/replay/convert"
	"rator/replay/fixture"
)

// roundTrip exports a scenario and imports it again.
func roundTrip(t *testing.T, s *fixture.Scenario) (*fixture.Scenario, *convert.Report, *convert.Report) {
	t.Helper()
	src, report, err := convert.ToSoapUI(s, convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "project.xml")
	if err := os.WriteFile(file, src, 0o644); err != nil {
		t.Fatal(err)
	}
	imported, err := convert.SoapUI(file, convert.Options{})
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	found, err := fixture.Find(fixture.Options{WithoutResponse: true}, written(t, imported))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v\n%s", found, err, src)
	}
	return found[0], report, &imported.Report
}

// cardVariable stands for a card number, which may be a part of a text.
var cardVariable = regexp.MustCompile(`\$\{CARD_NUMBER(?:_\d+)?\}`)

var reference = regexp.MustCompile(`\$\{\d+:`)

// same compares two scenarios by what is in them but their secrets, which are not
// imported.
func same(t *testing.T, want, got *fixture.Scenario) {
	t.Helper()
	hide := mask.New(nil, mask.Options{})
	for _, c := range []*fixture.Config{&want.Config, &got.Config} { // in any order
		maps.DeleteFunc(c.Variables, func(name, v string) bool { return hide.Value(name, v) != v })
		slices.SortFunc(c.Expect, func(a, b fixture.Expect) int {
			return cmp.Compare(a.Step+a.XPath+a.Contains+a.Matches+fmt.Sprint(a.Status), b.Step+b.XPath+b.Contains+b.Matches+fmt.Sprint(b.Status))
		})
	}
	if d := gocmp.Diff(want.Config, got.Config); d != "" {
		t.Errorf("settings: %s", d)
	}
	exchanges := func(s *fixture.Scenario) (all []fixture.Exchange) {
		numbers := map[string]string{} // from 01 on, for a project has no others
		for i := range s.Steps {
			if s.Steps[i].Do == "" {
				numbers[s.Steps[i].Number] = fmt.Sprintf("%02d", len(numbers)+1)
			}
		}
		for i := range s.Steps {
			if s.Steps[i].Do == "" {
				x, err := s.Load(&s.Steps[i])
				if err != nil {
					t.Fatal(err)
				}
				x.Request.Body = reference.ReplaceAllFunc(x.Request.Body, func(m []byte) []byte {
					number := string(m[2 : len(m)-1])
					return []byte("${" + cmp.Or(numbers[number], number) + ":")
				})
				x.Request.Body, x.Request.Header = cardVariable.ReplaceAll(hide.Message("", x.Request.Body), []byte("***")), hide.Header(x.Request.Header)
				x.Response.Body = hide.Message("", x.Response.Body)
				all = append(all, *x)
			}
		}
		return all
	}
	if d := gocmp.Diff(exchanges(want), exchanges(got), gocmp.Transformer("text", func(b []byte) string { return string(b) })); d != "" {
		t.Error(d)
	}
}

func TestSoapUIRoundTrip(t *testing.T) {
	s := everything(t)
	got, report, again := roundTrip(t, s)
	same(t, s, got)
	var all []string
	for _, l := range report.Left {
		all = append(all, l.Where+": "+l.What)
	}
	want := []string{
		"orders/03-wait: what happens beside the calls is not exported",
		"orders/01-make: nothing gives ${PASSWORD} a value; SoapUI takes it from the environment",
		"orders/02-use: rator replay sends what came for 202611241800000001; SoapUI sends it as it is: add a property transfer",
		"orders/02-use: nothing gives ${colour-less} a value; SoapUI takes it from the environment",
		"orders/02-use: ${01:made/sum} means nothing in SoapUI; add a property transfer there",
	}
	if d := gocmp.Diff(want, all); d != "" {
		t.Error(d)
	}
	for _, l := range again.Left {
		if !strings.Contains(l.What, "nothing gives ${#Env#") && !strings.HasPrefix(l.What, "secrets became variables") {
			t.Errorf("not converted back: %s", l)
		}
	}
}

// TestSoapUIRoundTripOfFixtures: the project's own fixtures, and imported ones with
// expectations, survive.
func TestSoapUIRoundTripOfFixtures(t *testing.T) {
	found, err := fixture.Find(fixture.Options{WithoutResponse: true}, "../../testdata/soap", testdata+"/soapui/orders")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range found {
		t.Run(s.Name, func(t *testing.T) {
			got, report, _ := roundTrip(t, s)
			for _, l := range report.Left {
				for _, lossy := range []string{"bytes is not exported", "bytes and is not exported", "SoapUI sends it once", "gets it as UTF-8"} {
					if !strings.HasSuffix(l.What, lossy) {
						continue
					}
					if s.Name != "endpoint" && s.Name != "recorded-clients" && s.Name != "ws-addressing-none" {
						t.Errorf("does not come back: %s", l)
					}
					return
				}
			}
			same(t, s, got)
		})
	}
}
