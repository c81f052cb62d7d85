package compare_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/replay/compare"
)

const orders = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:o="urn:o"><s:Body><o:orders>
<o:order id="7"><o:state>open</o:state><sum>12.50</sum></o:order>
<o:order id="8" o:kind="x"><o:state>paid</o:state><note> two  words </note></o:order></o:orders></s:Body></s:Envelope>`

func TestXPath(t *testing.T) {
	root, err := compare.Parse([]byte(orders))
	if err != nil {
		t.Fatal(err)
	}
	const o = "declare namespace o='urn:o';\ndeclare namespace s=\"http://schemas.xmlsoap.org/soap/envelope/\"\n"
	for path, want := range map[string][]string{
		"/s:Envelope/s:Body/o:orders/o:order/o:state": {"open", "paid"},
		"//o:state":                            {"open", "paid"},
		"//o:state[1]":                         {"open", "paid"},
		"(//o:state)[1]":                       {"open"},
		"(//o:order)[last()]/@id":              {"8"},
		"//o:order[2]/o:state/text()":          {"paid"},
		"//o:order[o:state='paid']/@id":        {"8"},
		"//o:order[o:state!='paid']/@id":       {"7"},
		"//o:order[@id=\"7\" and sum]/o:state": {"open"},
		"//o:order[sum=12.5]/@id":              {"7"},
		"//*:note":                             {" two  words "},
		"//o:*[@o:kind]/@*":                    {"8", "x"},
		"//*[local-name()='sum']":              {"12.50"},
		"//o:order[not(sum)]/@id":              {"8"},
		"count(//o:order)":                     {"2"},
		"count(//o:order)=2":                   {"true"},
		"exists(//o:none)":                     {"false"},
		"boolean(//sum)":                       {"true"},
		"not(//sum)":                           {"false"},
		"normalize-space(//note)":              {"two words"},
		"string(//o:state)":                    {"open"},
		"//sum='12.50'":                        {"true"},
		"//sum!='12.50'":                       {"false"},
		"//o:state[.='open']":                  {"open"},
		"//state":                              nil,
		"/o:orders":                            nil,
		"declare default element namespace 'urn:o'; //state[1]": {"open", "paid"},
		"//o:order[text()='x']":                                 nil,
	} {
		x, err := compare.ParseXPath(o + path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if d := cmp.Diff(want, x.Values(root)); d != "" {
			t.Errorf("%s: %s", path, d)
		}
	}
}

func TestXPathRefused(t *testing.T) {
	for path, want := range map[string]string{
		"":                               "a name belongs here",
		"//x:a":                          "the prefix x",
		"//a/../b":                       ".. is not known",
		"sum(//a)":                       "the function sum() is not known",
		"//a[":                           "a name belongs here",
		"//a[1":                          "not known in square brackets",
		"//a[b or c]":                    `"or c]" is not known in square brackets`,
		"count(//a":                      "not closed",
		"//a = ":                         "a text or a number",
		"//a = 'b":                       "not closed",
		"//a/following::b":               "axes",
		"//a | //b":                      `at character 5: "| //b" is not known`,
		"//a[/b]":                        "from the root",
		"(//a":                           "not closed",
		strings.Repeat("not(", 40) + "a": "deep",
		strings.Repeat("(", 4000) + "a":  "deep",
		strings.Repeat("/a", 6000):       "longer than",
	} {
		_, err := compare.ParseXPath(path)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: got %v; want %s", path, err, want)
		}
	}
}
