package compare_test

import (
	"strings"
	"testing"

	"rator/replay/compare"
)

const price = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header><t:trace xmlns:t="urn:t" s:mustUnderstand="false">1</t:trace></s:Header><s:Body>
 <p:getPriceResponse xmlns:p="urn:prices" xmlns:x="` + xsi + `" xmlns:k="urn:kinds">
  <p:item id="1" unit="kg"><p:name>Æbler</p:name><p:price x:type="k:money">1.50</p:price></p:item>
  <p:item id="2" unit="kg"><p:name>Pears</p:name><p:price x:nil="true"/></p:item>
  <p:note>Prices <p:b>without</p:b> tax &amp; <p:i>freight</p:i>.</p:note>
 </p:getPriceResponse></s:Body></s:Envelope>`

func TestForeignXML(t *testing.T) {
	same := `<?xml version="1.0"?><Envelope xmlns="http://www.w3.org/2003/05/soap-envelope" xmlns:m="urn:kinds" xmlns:e="http://www.w3.org/2003/05/soap-envelope">
<Header><trace e:mustUnderstand="false" xmlns="urn:t">1</trace></Header><Body><getPriceResponse xmlns="urn:prices" xmlns:i="` + xsi + `"><!-- a -->
<item unit='kg' id='1'><name><![CDATA[Æb]]>ler</name><price i:type=" m:money">1.50</price></item><item unit="kg" id="2"><name>Pears</name><price i:nil="1"></price></item><?p?>
<note>Prices <b>without</b><!-- any --> tax <![CDATA[&]]> <i>freight</i>.</note></getPriceResponse></Body></Envelope>`
	check(t, price, same, nil)
	check(t, same, price, nil)
	for _, c := range []struct{ old, new, difference string }{
		{`id="2"`, `id="3"`, "value Envelope/Body/getPriceResponse/item[1]/@id: 2 | 3"},
		{` unit="kg"><p:name>P`, `><p:name>P`, "missing Envelope/Body/getPriceResponse/item[1]/@unit: kg | "},
		{`<p:name>P`, `<p:name lang="en">P`, "extra Envelope/Body/getPriceResponse/item[1]/name/@lang:  | en"},
		{`<p:b>without</p:b>`, `<p:em>without</p:em>`, "name Envelope/Body/getPriceResponse/note/b: {urn:prices}b | {urn:prices}em"},
		{`<p:b>without</p:b>`, `<k:b>without</k:b>`, "name Envelope/Body/getPriceResponse/note/b: {urn:prices}b | {urn:kinds}b"},
		{`Prices <`, `Price <`, "value Envelope/Body/getPriceResponse/note/text()[0]: Prices  | Price "},
		{`k:money`, `p:money`, "type Envelope/Body/getPriceResponse/item[0]/price/@type: {urn:kinds}money | {urn:prices}money"},
		{`1.50`, `1.5`, "value Envelope/Body/getPriceResponse/item[0]/price: 1.50 | 1.5"},
		{`x:nil="true"`, ``, "null Envelope/Body/getPriceResponse/item[1]/price: null | "},
		{`"urn:t"`, `"urn:u"`, "name Envelope/Header/trace: {urn:t}trace | {urn:u}trace"},
		{`<p:price x:nil="true"/>`, ``, "missing Envelope/Body/getPriceResponse/item[1]/price:  | "},
		{`<p:note>`, `<p:more/><p:note>`, "extra Envelope/Body/getPriceResponse/more:  | "},
	} {
		check(t, price, replaced(t, price, c.old, c.new), nil, c.difference)
	}
}

func TestFaultCodesAreNames(t *testing.T) {
	fault11 := func(prefix, code string) string {
		return `<` + prefix + `:Envelope xmlns:` + prefix + `="http://schemas.xmlsoap.org/soap/envelope/"><` + prefix + `:Body><` + prefix + `:Fault><faultcode>` +
			code + `</faultcode><faultstring>no</faultstring></` + prefix + `:Fault></` + prefix + `:Body></` + prefix + `:Envelope>`
	}
	check(t, fault11("S", "S:Client"), fault11("soap", "soap:Client"), nil)
	check(t, fault11("S", "S:Client"), fault11("soap", "soap:Server"), nil, "value Envelope/Body/Fault/faultcode: S:Client | soap:Server")
	fault12 := func(prefix string) string {
		return `<` + prefix + `:Fault xmlns:` + prefix + `="http://www.w3.org/2003/05/soap-envelope"><` + prefix + `:Code><` + prefix + `:Value>` + prefix +
			`:Sender</` + prefix + `:Value></` + prefix + `:Code></` + prefix + `:Fault>`
	}
	check(t, fault12("a"), fault12("b"), nil)
}

func TestMembersAreNotMoved(t *testing.T) {
	check(t, `<a><b>1</b><c>2</c></a>`, `<a><c>2</c><b>1</b></a>`, nil, "extra a/c:  | 2", "missing a/c: 2 | ")
	check(t, `<a><b>1</b></a>`, `<a>1</a>`, nil, "extra a/text():  | 1", "missing a/b: 1 | ")
	check(t, `<a> </a>`, `<a/>`, nil, "value a:   | ")
}

func TestIgnore(t *testing.T) {
	got := replaced(t, replaced(t, price, "1.50", "9"), `id="2"`, `id="9"`)
	for pattern, left := range map[string][]string{
		"**/price":                {"value Envelope/Body/getPriceResponse/item[1]/@id: 2 | 9"},
		"Envelope/Body/*/item[0]": {"value Envelope/Body/getPriceResponse/item[1]/@id: 2 | 9"},
		"Envelope/**/@id":         {"value Envelope/Body/getPriceResponse/item[0]/price: 1.50 | 9"},
		"**/item":                 nil,
		"Envelope":                nil,
		"**":                      nil,
		"item": {"value Envelope/Body/getPriceResponse/item[0]/price: 1.50 | 9",
			"value Envelope/Body/getPriceResponse/item[1]/@id: 2 | 9"},
	} {
		check(t, price, got, &compare.Options{Ignore: []*compare.Pattern{patternOf(t, pattern)}}, left...)
	}
	want := answer(entryOf("string", "A", "1") + list("L", item("I", "1"), item("I", "2"), item("N", "1")))
	other := answer(entryOf("string", "A", "2") + list("L", item("I", "1"), item("I", "2"), item("I", "3"), item("N", "2")))
	check(t, want, other, &compare.Options{Ignore: []*compare.Pattern{patternOf(t, "return/values[A]"), patternOf(t, "return/L/I"), patternOf(t, "**/L/N")}})
}

func TestPatternMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"":            "the path is empty; it is such as return/values[ACCOUNT]/NAME or **/ID",
		"/a":          `path "/a": step 1 is empty; between two steps is one /, and none at the ends`,
		"a//b":        `path "a//b": step 2 is empty; between two steps is one /, and none at the ends`,
		"a/b*":        `path "a/b*": * in "b*"; it stands for a whole step, ** for any number of steps`,
		"**[1]":       `path "**[1]": ** has no index`,
		"values[A":    `path "values[A": "values[A"; a step is such as NAME, NAME[0], values[KEY] or values[KEY][0]`,
		"values[A][]": `path "values[A][]": "values[A][]"; a step is such as NAME, NAME[0], values[KEY] or values[KEY][0]`,
		"a / b":       `path "a / b": white space in "a "`,
	} {
		if _, err := compare.ParsePattern(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v\nwant %s", text, err, want)
		}
	}
	for _, text := range []string{"return/values[ACCOUNT]/BILLING_GROUPS[0]/NAME", "**/ID", "values[A][3]", "Envelope/*/@id", "a/text()[0]"} {
		p, err := compare.ParsePattern(text)
		if err != nil || p.String() != text {
			t.Errorf("%q became %v: %v", text, p, err)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	variables := func(name string) (string, bool) { return map[string]string{"me": "Åse"}[name], name == "me" }
	for _, c := range []struct {
		want, got string
		equal     bool
	}{
		{"${xmlunit.ignore}", "anything", true},
		{"a ${xmlunit.ignore} b", "a 1\n2 b", true},
		{"a ${xmlunit.ignore} b", "a 1 c", false},
		{" ${xmlunit.isNumber} ", "-1.5e3", true},
		{"${xmlunit.isNumber}", "1,5", false},
		{"${xmlunit.isNumber} of ${xmlunit.isNumber}", "1 of 2.5", true},
		{"${xmlunit.isDateTime}", "2026-01-02T03:04:05Z", true},
		{"${xmlunit.isDateTime}", "2026-13-02T03:04:05Z", false},
		{"on ${xmlunit.isDateTime}", "on 2026-01-02", true},
		{`${xmlunit.matchesRegex(\d{3}|(a)(?P&lt;n>b))}`, "ab", true},
		{`${xmlunit.matchesRegex(\d{3})}`, "1234", false},
		{"Dear ${me}", "Dear Åse", true},
		{"Dear ${me}", "Dear Bo", false},
		{"$${me}", "${me}", true},
		{"no. ${capture:no} of ${capture:all}", "no. 17 of 20", true},
	} {
		taken := map[string]string{}
		o := &compare.Options{Variables: variables, Captured: func(name, v string) { taken[name] = v }}
		var differences []string
		if !c.equal {
			want := c.want
			if want == "Dear ${me}" {
				want = "Dear Åse"
			}
			differences = []string{"value a: " + want + " | " + c.got}
		}
		check(t, "<a>"+c.want+"</a>", "<a>"+c.got+"</a>", o, differences...)
		if c.got == "no. 17 of 20" && (taken["no"] != "17" || taken["all"] != "20") {
			t.Errorf("captured %v", taken)
		}
	}
	check(t, `<a b="${xmlunit.isNumber}"><c>${xmlunit.ignore}</c></a>`, `<a b="7"><c><d/><e>1</e></c></a>`, nil)
	check(t, answer(entryOf("string", "A", "${xmlunit.ignore}")), answer(`<values xsi:type="n:stringValueDTO"><key>A</key></values>`), nil)
	check(t, answer(list("L", "${xmlunit.ignore}")), answer(list("L", item("I", "1"))), nil)
	check(t, answer(entryOf("string", "A", "${xmlunit.ignore}")), answer(""), nil,
		"missing return/values[A]: <values><key>A</key><value>${xmlunit.ignore}</value></values> | ")
}

func TestAt(t *testing.T) {
	ours := answer(entryOf("string", "A", "1") + list("L", item("I", "x"), item("I", "y"), object("O", item("N", "z"))) +
		`<values xsi:type="n:stringValueDTO"><key>NULL</key></values>`)
	for _, c := range []struct{ body, path, want string }{
		{ours, "return/values[A]", "1"},
		{ours, "A", "1"},
		{ours, "L/I", "x"},
		{ours, "return/values[L]/I[1]", "y"},
		{ours, "L/O/N", "z"},
		{ours, "return/errorCode", "0"},
		{ours, "errorCode", "0"},
		{ours, "Envelope/Body/executeMethodResponse/return/values[A]", "1"},
		{price, "Envelope/Body/getPriceResponse/item[1]/@id", "2"},
		{price, "getPriceResponse/item/name", "Æbler"},
		{price, "item[1]/name", "Pears"},
		{`<a b="c">d</a>`, "a", "d"},
	} {
		if got, err := compare.At([]byte(c.body), c.path); err != nil || got != c.want {
			t.Errorf("%s is %q, %v; want %q", c.path, got, err, c.want)
		}
	}
	for path, want := range map[string]string{
		"B":        `path "B": there is no B in return; there are errorCode, errorMessage, status, A, L, NULL`,
		"L/I[2]":   `path "L/I[2]": there is no I[2] in L; there are key, I, O`,
		"L":        `path "L": L holds elements, not a text; there are key, I, O`,
		"NULL":     `path "NULL": it is null`,
		"A/@lang":  `path "A/@lang": A has no attribute lang`,
		"return/x": `path "return/x": there is no x in return; there are errorCode, errorMessage, status, A, L, NULL`,
	} {
		if _, err := compare.At([]byte(ours), path); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", path, err, want)
		}
	}
	if got := compare.Operation([]byte(price)); got != "getPriceResponse" {
		t.Errorf("the operation is %q", got)
	}
}

func patternOf(t *testing.T, text string) *compare.Pattern {
	t.Helper()
	p, err := compare.ParsePattern(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func replaced(t *testing.T, text, old, new string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("there is no %s", old)
	}
	return strings.Replace(text, old, new, 1)
}

// TestQNamesAreComparedByNamespace where they are written, in any prefix.
func TestQNamesAreComparedByNamespace(t *testing.T) {
	const schema, encoding, other = `"http://www.w3.org/2001/XMLSchema"`, `"http://schemas.xmlsoap.org/soap/encoding/"`, `"urn:other"`
	array := func(prefix, space, of string) string {
		return `<a xmlns:enc=` + encoding + ` xmlns:` + prefix + `=` + space + ` enc:arrayType="` + of + `"><n>1</n></a>`
	}
	check(t, array("xsd", schema, "xsd:string[2]"), array("xs", schema, "xs:string[2]"), nil)
	check(t, array("xsd", schema, "xsd:string[][2]"), array("xs", schema, " xs:string[][2] "), nil)
	check(t, array("x", schema, "x:int"), array("x", other, "x:int"), nil,
		"value a/@arrayType: {http://www.w3.org/2001/XMLSchema}int | {urn:other}int")
	for _, of := range []string{"string[3]", "int[2]"} {
		check(t, array("xsd", schema, "xsd:string[2]"), array("xs", schema, "xs:"+of), nil,
			"value a/@arrayType: xsd:string[2] | xs:"+of)
	}

	text := func(prefix, space, text string) string {
		return `<a xmlns:` + prefix + `=` + space + `>` + text + `</a>`
	}
	check(t, text("k", `"urn:k"`, "k:money"), text("m", `"urn:k"`, "m:money"), nil)
	check(t, text("k", `"urn:k"`, "k:money"), text("m", `"urn:m"`, "m:money"), nil, "value a: k:money | m:money")
	check(t, text("k", `"urn:k"`, "http:x"), text("m", `"urn:k"`, "http:x"), nil)
	check(t, text("k", `"urn:k"`, "k:money"), text("m", `"urn:k"`, "k:money"), nil)
	check(t, text("k", `"urn:k"`, "k:money"), text("m", `"urn:k"`, "q:money"), nil, "value a: k:money | q:money")
	check(t, text("k", `"urn:k"`, "k: money"), text("m", `"urn:k"`, "m: money"), nil, "value a: k: money | m: money")
	check(t, text("k", `"urn:k"`, "k:${xmlunit.isNumber}"), text("m", `"urn:k"`, "k:7"), nil)

	fault := func(space string) string { return `<a><faultcode xmlns:e="` + space + `">e:Server</faultcode></a>` }
	check(t, fault("urn:a"), fault("urn:b"), nil, "value a/faultcode: {urn:a}Server | {urn:b}Server")

	a, b := `<n xmlns:k="urn:k" k="k:a"/><n xmlns:k="urn:k" k="k:b"/>`, `<n xmlns:m="urn:k" k="m:b"/>`
	check(t, `<a>`+a+`</a>`, `<a>`+b+`</a>`, nil, "missing a/n[0]:  | ")
}

// TestSchemaLocationsDoNotCount: they say where a schema is found, which is a hint.
func TestSchemaLocationsDoNotCount(t *testing.T) {
	with := func(hint string) string { return `<a xmlns:i="` + xsi + `" ` + hint + `><b>1</b></a>` }
	for _, hint := range []string{`i:schemaLocation="urn:a a.xsd"`, `i:noNamespaceSchemaLocation="a.xsd"`} {
		check(t, with(hint), with(""), nil)
		check(t, with(""), with(hint), nil)
		check(t, with(hint), with(strings.ReplaceAll(hint, "a.xsd", "b.xsd")), nil)
	}
	check(t, with(`schemaLocation="a"`), with(`schemaLocation="b"`), nil, "value a/@schemaLocation: a | b")
}
