package compare_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/replay/compare"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// answer is an answer of ours with these entries.
func answer(entries string) string {
	return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethodResponse xmlns:n="` + cdr + `" xmlns:xsi="` + xsi +
		`"><return><errorCode>0</errorCode><errorMessage/><status>0</status>` + entries + `</return></n:executeMethodResponse></S:Body></S:Envelope>`
}

// scalarOf is an entry at the top, item one below.
func entryOf(kind, key, text string) string {
	return fmt.Sprintf(`<values xsi:type="n:%sValueDTO"><key>%s</key><value>%s</value></values>`, kind, key, text)
}

func item(key, text string) string {
	return fmt.Sprintf(`<value xsi:type="n:stringValueDTO"><key>%s</key><value>%s</value></value>`, key, text)
}

func list(key string, items ...string) string {
	return fmt.Sprintf(`<values xsi:type="n:complexValueDTO"><key>%s</key>%s</values>`, key, strings.Join(items, ""))
}

func object(key string, items ...string) string {
	return fmt.Sprintf(`<value xsi:type="n:complexValueDTO"><key>%s</key>%s</value>`, key, strings.Join(items, ""))
}

// lines shows differences as kind path: want | got.
func lines(found []compare.Difference) []string {
	var all []string
	for _, d := range found {
		all = append(all, fmt.Sprintf("%s %s: %s | %s", d.Kind, d.Path, d.Want, d.Got))
	}
	return all
}

func check(t *testing.T, want, got string, o *compare.Options, differences ...string) {
	t.Helper()
	found, err := compare.Answers([]byte(want), []byte(got), o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(differences, lines(found)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTypedValues(t *testing.T) {
	for _, c := range []struct {
		kind, want, got string
		equal           bool
	}{
		{"double", "1.50", "1.5", true},
		{"double", "1.0E3", "1000", true},
		{"double", "NaN", "NaN", true},
		{"double", "INF", "+INF", true},
		{"double", "0.1", "0.10000000000000001", false},
		{"long", "007", "7", true},
		{"long", "9007199254740993", "9007199254740992", false},
		{"boolean", "1", "true", true},
		{"boolean", "0", "true", false},
		{"date", "2026-01-02T03:04:05Z", "2026-01-02T04:04:05+01:00", true},
		{"date", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z", true},
		{"date", "2026-01-02T03:04:05", "2026-01-02T03:04:05Z", false},
		{"date", "2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z", false},
		{"string", "1.50", "1.5", false},
		{"string", "a", "a ", false},
	} {
		var differences []string
		if !c.equal {
			differences = []string{"value return/values[V]: " + c.want + " | " + c.got}
		}
		check(t, answer(entryOf(c.kind, "V", c.want)), answer(entryOf(c.kind, "V", c.got)), nil, differences...)
	}
}

// TestOddTypes: a type that nobody knows is no bad XML, and differs from others;
// what is below it is compared by what it looks like, and XML Schema's types by what
// they mean.
func TestOddTypes(t *testing.T) {
	of := func(qname, inside string) string {
		return answer(`<values xmlns:xsd="http://www.w3.org/2001/XMLSchema" xsi:type="` + qname + `"><key>V</key>` + inside + `</values>`)
	}
	one, other := of("nope:T", "<value>1</value>"), of("[object Object]", "<value>1</value>")
	check(t, one, one, nil)
	check(t, one, other, nil, "type return/values[V]: nope:T | [object Object]")
	check(t, one, of("n:T", "<value>1</value>"), nil, "type return/values[V]: nope:T | T")
	check(t, of("xsd:int", "<value>007</value>"), of("xsd:int", "<value>7</value>"), nil)
	a, b := `<value xsi:type="nope:T"><key>A</key><value>1</value></value>`, `<value xsi:type="nope:T"><key>B</key><value>2</value></value>`
	check(t, of("nope:T", a+b), of("nope:T", b+a), nil)
}

func TestNullEmptyAndNil(t *testing.T) {
	null := `<values xsi:type="n:stringValueDTO"><key>V</key></values>`
	xsiNil := `<values xsi:type="n:stringValueDTO"><key>V</key><value xsi:nil="true"/></values>`
	check(t, answer(null), answer(xsiNil), nil)
	check(t, answer(null), answer(entryOf("string", "V", "")), nil, `null return/values[V]: null | ""`)
	check(t, answer(entryOf("string", "V", "x")), answer(xsiNil), nil, "null return/values[V]: x | null")
	check(t, answer(entryOf("string", "V", "")), answer(entryOf("string", "V", " ")), nil, "value return/values[V]:  |  ")
}

func TestLists(t *testing.T) {
	group := func(name string) string {
		return object("GROUP", item("NAME", name), item("CURRENCY", "USD"), item("CYCLE", "M"), item("ID", "20151211102500000"+name))
	}
	four := answer(list("GROUPS", group("1"), group("2"), group("3"), group("4")))
	check(t, four, answer(list("GROUPS", group("1"), group("3"), group("4"))), nil,
		"missing return/values[GROUPS]/GROUP[1]: "+excerpt(group("2")))
	check(t, answer(list("GROUPS", group("2"), group("3"))), answer(list("GROUPS", group("1"), group("2"), group("3"))), nil,
		"extra return/values[GROUPS]/GROUP[0]:  | "+strings.TrimSuffix(excerpt(group("1")), " | "))
	check(t, four, answer(list("GROUPS", group("1"), group("2"), group("3"), strings.Replace(group("4"), "USD", "EUR", 1))), nil,
		"value return/values[GROUPS]/GROUP[3]/CURRENCY: USD | EUR")
	check(t, answer(list("L", item("I", "a"), item("I", "b"), item("I", "c"))), answer(list("L", item("I", "b"), item("I", "a"), item("I", "c"))), nil,
		"extra return/values[L]/I[0]:  | <value><key>I</key><value>b</value></value>",
		"missing return/values[L]/I[1]: <value><key>I</key><value>b</value></value> | ")
}

// excerpt is how a subtree of ours is shown, behind which nothing came.
func excerpt(xml string) string {
	s := strings.ReplaceAll(strings.ReplaceAll(xml, ` xsi:type="n:complexValueDTO"`, ""), ` xsi:type="n:stringValueDTO"`, "")
	if len(s) > 200 {
		s = s[:200] + "…"
	}
	return s + " | "
}

func TestLongListsAreAligned(t *testing.T) {
	var want, got []string
	for i := range 3000 {
		name := fmt.Sprintf("name %d", i)
		want = append(want, item("I", name))
		if i != 700 && i != 2500 {
			got = append(got, item("I", name))
		}
	}
	check(t, answer(list("L", want...)), answer(list("L", got...)), nil,
		"missing return/values[L]/I[700]: <value><key>I</key><value>name 700</value></value> | ",
		"missing return/values[L]/I[2500]: <value><key>I</key><value>name 2500</value></value> | ")
}

func TestPlaces(t *testing.T) {
	want := strings.ReplaceAll(answer("\n  "+entryOf("string", "A", "Åse")+"\n  <!-- Å -->"+entryOf("string", "B", "b")), "</return>", "\n</return>")
	got := answer(entryOf("string", "A", "x") + entryOf("string", "C", "c"))
	found, err := compare.Answers([]byte(want), []byte(got), nil)
	if err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, d := range found {
		places = append(places, fmt.Sprintf("%s %s %d:%d", d.Kind, d.Path, d.Line, d.Column))
	}
	first, _, _ := strings.Cut(want, "<return>")
	if diff := cmp.Diff([]string{
		fmt.Sprintf("extra return/values[C] 1:%d", len(first)+1), "value return/values[A] 2:51", "missing return/values[B] 3:13",
	}, places); diff != "" {
		t.Error(diff)
	}
}

func TestIDs(t *testing.T) {
	const a, b, x, y = "201512111025000001", "201512111025000002", "201601010000000001", "201601010000000002"
	ids := &compare.IDs{}
	o := &compare.Options{IDs: ids}
	check(t, answer(entryOf("string", "A", a)+entryOf("string", "B", b)), answer(entryOf("string", "A", x)+entryOf("string", "B", y)), o)
	if live, _ := ids.Live(b); live != y {
		t.Errorf("%s stands for %s", b, live)
	}
	check(t, answer(entryOf("string", "A", "unknown account: "+a+", "+b)), answer(entryOf("string", "A", "unknown account: "+x+", "+y)), o)
	check(t, answer(entryOf("string", "A", a)), answer(entryOf("string", "A", y)), o,
		"value return/values[A]: "+a+" (for which "+x+" came before) | "+y+" (which stands for the recorded "+b+")")
	check(t, answer(entryOf("string", "A", "201512111025000003")), answer(entryOf("string", "A", x)), o,
		"value return/values[A]: 201512111025000003 | "+x+" (which stands for the recorded "+a+")")
	// The same bytes are no excuse for an id that stands for another.
	check(t, answer(entryOf("string", "A", a)), answer(entryOf("string", "A", a)), o,
		"value return/values[A]: "+a+" (for which "+x+" came before) | "+a)
	// And what is the same stands for itself from then on.
	same := &compare.Options{IDs: &compare.IDs{}}
	check(t, answer(entryOf("string", "A", a)), answer(entryOf("string", "A", a)), same)
	check(t, answer(entryOf("string", "A", b)), answer(entryOf("string", "A", a)), same,
		"value return/values[A]: "+b+" | "+a+" (which stands for the recorded "+a+")")
	check(t, answer(entryOf("string", "A", a)), answer(entryOf("string", "A", x)), nil, "value return/values[A]: "+a+" | "+x)
	check(t, answer(entryOf("string", "A", a)), answer(entryOf("string", "A", x+"0")), o, "value return/values[A]: "+a+" | "+x+"0")
}

// TestListsOfIDs: items that differ in ids alone are told apart by the ids that are
// known.
func TestListsOfIDs(t *testing.T) {
	const a, b, c = "201512111025000001", "201512111025000002", "201512111025000003"
	const x, y, z = "201601010000000001", "201601010000000002", "201601010000000003"
	o := &compare.Options{IDs: &compare.IDs{}}
	check(t, answer(list("L", item("I", a), item("I", b), item("I", c))), answer(list("L", item("I", x), item("I", y), item("I", z))), o)
	check(t, answer(list("L", item("I", a), item("I", b), item("I", c))), answer(list("L", item("I", x), item("I", z))), o,
		"missing return/values[L]/I[1]: <value><key>I</key><value>"+b+"</value></value> | ")
	check(t, answer(list("L", item("I", a), item("I", b), item("I", c))), answer(list("L", item("I", a), item("I", c))), nil,
		"missing return/values[L]/I[1]: <value><key>I</key><value>"+b+"</value></value> | ")
}

// TestIDsInMarkup: what looks like an id and is a name, or does not count, is not
// learned.
func TestIDsInMarkup(t *testing.T) {
	const a, x = "201512111025000001", "201601010000000001"
	o := &compare.Options{IDs: &compare.IDs{}}
	check(t, `<b`+a+`/>`, `<b`+x+`/>`, o, "name b"+a+": b"+a+" | b"+x)
	check(t, `<b><!--`+a+`--></b>`, `<b><!--`+x+`--></b>`, o)
	if _, ok := o.IDs.Live(a); ok {
		t.Error("a comment was learned from")
	}
	check(t, `<b c="`+a+`"><![CDATA[`+a+`]]></b>`, `<b c="`+x+`"><![CDATA[`+x+`]]></b>`, o)
	if live, _ := o.IDs.Live(a); live != x {
		t.Errorf("learned %q", live)
	}
	ignoring := &compare.Options{IDs: &compare.IDs{}, Ignore: []*compare.Pattern{patternOf(t, "b")}}
	check(t, `<b>`+a+`</b>`, `<b>`+x+`</b>`, ignoring)
	if _, ok := ignoring.IDs.Live(a); ok {
		t.Error("what is ignored was learned from")
	}
}

func TestVolatile(t *testing.T) {
	c := &contract.Contract{Hookpoint: "X", Response: []*contract.Value{
		{Key: "ID", Type: value.String, Volatile: true}, {Key: "DAY", Type: value.Date, Volatile: true},
		{Key: "TOKEN", Type: value.String, Volatile: true}, {Key: "L", Type: value.Complex, Values: []*contract.Value{{Key: "N", Volatile: true}}},
	}}
	ids := &compare.IDs{}
	o := &compare.Options{Contract: c, IDs: ids}
	equal := [][2]string{
		{entryOf("string", "ID", "201512111025000001"), entryOf("string", "ID", "201601010000000001")},
		{entryOf("date", "DAY", "2026-01-02"), entryOf("date", "DAY", "2027-01-02T00:00:00Z")},
		{entryOf("string", "TOKEN", "abc"), entryOf("string", "TOKEN", "xyz-1")},
		{list("L", item("N", "1")), list("L", item("N", "22"))},
		{entryOf("string", "REQUEST_ID", "request-1"), entryOf("string", "REQUEST_ID", "other")},
	}
	for _, pair := range equal {
		check(t, answer(pair[0]), answer(pair[1]), o)
		check(t, answer(pair[0]), answer(pair[1]), &compare.Options{Contract: c})
	}
	if got := string(ids.Replace([]byte("<a>abc</a>"), func(string, string) {})); got != "<a>xyz-1</a>" {
		t.Errorf("a later request would send %s", got)
	}
	check(t, answer(entryOf("string", "ID", "201512111025000001")), answer(entryOf("string", "ID", "5")), o,
		"value return/values[ID]: 201512111025000001 | 5")
	check(t, answer(entryOf("date", "DAY", "2026-01-02")), answer(entryOf("date", "DAY", "soon")), o, "value return/values[DAY]: 2026-01-02 | soon")
	check(t, answer(entryOf("string", "TOKEN", "abc")), answer(entryOf("string", "TOKEN", "")), o, "value return/values[TOKEN]: abc | ")
	check(t, answer(entryOf("string", "TOKEN", "abc")), answer(entryOf("long", "TOKEN", "1")), o,
		"type return/values[TOKEN]: stringValueDTO | longValueDTO")
	check(t, answer(entryOf("string", "TOKEN", "abc")), answer(`<values xsi:type="n:stringValueDTO"><key>TOKEN</key></values>`), o,
		"null return/values[TOKEN]: abc | null")
}

func TestTypedAnswers(t *testing.T) {
	typed := func(inner string) string {
		return `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><a:SOAP_XResponse xmlns:a="` + cdr +
			`"><errorCode>0</errorCode><status>0</status>` + inner + `</a:SOAP_XResponse></e:Body></e:Envelope>`
	}
	o := &compare.Options{Contract: &contract.Contract{Hookpoint: "SOAP_X", Response: []*contract.Value{
		{Key: "G", Type: value.Complex, List: true, Values: []*contract.Value{{Key: "B", Type: value.Double}}}}}}
	check(t, typed(`<N>1</N><G><B>1.50</B><C/></G>`), typed(`<G><C/><B>1.5</B></G><N>1</N>`), o)
	check(t, typed(`<G><B>1</B></G><G><B>2</B></G>`), typed(`<G><B>1</B></G><G><B>3</B></G>`), o, "value SOAP_XResponse/G[1]/B: 2 | 3")
	check(t, typed(`<N>1</N>`), typed(``), o, "missing SOAP_XResponse/N: 1 | ")
	check(t, strings.ReplaceAll(typed(``), "<errorCode>0", "<errorCode>00"), typed(``), o)
	check(t, typed(``), strings.ReplaceAll(typed(``), "2003/05/soap-envelope", "2099/soap"), o,
		"name Envelope: {http://www.w3.org/2003/05/soap-envelope}Envelope | {http://www.w3.org/2099/soap}Envelope")
}

func TestRequestsAreCompared(t *testing.T) {
	request := func(hookpoint, entries string) string {
		return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethod xmlns:n="` + cdr + `" xmlns:xsi="` + xsi +
			`"><arg0><hookpointKey>` + hookpoint + `</hookpointKey>` + entries + `</arg0></n:executeMethod></S:Body></S:Envelope>`
	}
	a, b := entryOf("string", "A", "1"), entryOf("double", "B", "1.0")
	check(t, request("X", a+b), request("X", entryOf("double", "B", "1")+a), nil)
	check(t, request("X", a), request("Y", b), nil, "extra arg0/values[B]:  | <values><key>B</key><value>1.0</value></values>",
		"value arg0/hookpointKey: X | Y", "missing arg0/values[A]: <values><key>A</key><value>1</value></values> | ")
}

// TestMessageIDs: each message has its own, and it relates to the one it answers.
func TestMessageIDs(t *testing.T) {
	for _, space := range []string{"http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing"} {
		answer := func(id, relates string) string {
			return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header><a:MessageID xmlns:a="` + space + `">` + id +
				`</a:MessageID><a:RelatesTo xmlns:a="` + space + `">` + relates + `</a:RelatesTo></S:Header><S:Body/></S:Envelope>`
		}
		check(t, answer("urn:a", "urn:q"), answer("urn:b", "urn:q"), nil)
		check(t, answer("urn:a", "urn:q"), answer("urn:b", "urn:p"), nil, "value Envelope/Header/RelatesTo: urn:q | urn:p")
		check(t, answer("urn:a", "urn:q"), answer(" ", "urn:q"), nil, "value Envelope/Header/MessageID: urn:a |  ")
	}
	check(t, "<MessageID>a</MessageID>", "<MessageID>b</MessageID>", nil, "value MessageID: a | b")
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		name, want, got string
		line, column    int
		expected        bool
		message         string
	}{
		{"the expected text", "<a>\n <b></a>", "<a/>", 2, 5, true, "<b> is closed by </a>"},
		{"the answer", "<a/>", "<a>", 1, 4, false, "the element a is not closed"},
		{"undeclared prefix", "<a/>", "<a>\n<x:b/></a>", 2, 1, false, "the prefix x of x:b is not declared"},
		{"no XML", "<a/>", "Bad gateway", 1, 1, false, "text outside of the root element"},
		{"nothing", "<a/>", "", 1, 1, false, "there is no element: it is no XML"},
		{"two roots", "<a/>", "<a/><b/>", 1, 5, false, "a second element beside the first, b"},
		{"attribute twice", "<a/>", `<a b="1" b="2"/>`, 1, 1, false, "the attribute b is given twice"},
		{"entity", "<a/>", `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>`, 1, 58, false, "&e; is not known; there are &lt; &gt; &amp; &quot; &apos; and numbers"},
		{"declaration of no prefix", "<a/>", "<a xmlns:::='u'/>", 1, 1, false, `"xmlns:::" is not a name`},
		{"bare &", "<a/>", "<a>\n x &amp y</a>", 2, 4, false, "& is no reference; write &amp; for a plain &"},
		{"control character", "<a/>", "<a>\n\x01</a>", 2, 1, false, "the character U+0001 is not allowed in XML"},
		{"]]>", "<a/>", "<a>]]></a>", 1, 4, false, "]]> outside of CDATA"},
		{"CDATA without end", "<a/>", "<a><![CDATA[</a>", 1, 4, false, "the CDATA section is not closed"},
		{"comment without end", "<a/>", "<a><!-- </a>", 1, 4, false, "the comment is not closed"},
		{"-- in a comment", "<a/>", "<a><!-- -- --></a>", 1, 9, false, "-- in a comment"},
		{"late declaration", "<a/>", ` <?xml version="1.0"?><a/>`, 1, 2, false, "an XML declaration belongs at the start"},
		{"no name", "<a/>", "<a>< b/></a>", 1, 5, false, "a name is missing"},
		{"attribute without value", "<a/>", "<a b/>", 1, 5, false, "the attribute b has no value"},
		{"attribute without quotes", "<a/>", "<a b=1/>", 1, 6, false, "the value of b is not quoted"},
		{"attributes without space", "<a/>", `<a b="1"c="2"/>`, 1, 9, false, "white space is missing in <a"},
		{"< in a value", "<a/>", `<a b="<"/>`, 1, 7, false, "< in the value of b"},
		{"not UTF-8", "<a/>", "<a>\n\xe5</a>", 2, 1, false, "this byte is not UTF-8, and no other charset is declared"},
		{"unknown charset", "<a/>", `<?xml version="1.0" encoding="klingon"?><a/>`, 1, 1, false, "the charset klingon is not known; send UTF-8"},
		{"unknown placeholder", "<a>\n <b>${xmlunit.isBig}</b></a>", "<a><b/></a>", 2, 2, true,
			"there is no placeholder ${xmlunit.isBig}; there are ${xmlunit.ignore}, ${xmlunit.isNumber}, ${xmlunit.isDateTime} and ${xmlunit.matchesRegex(…)}"},
		{"unknown variable", "<a>${me}</a>", "<a/>", 1, 1, true,
			"nothing is known of ${me}; give it a value, or take one with ${capture:me}, or write $${ for a plain ${"},
		{"broken pattern", "<a>${xmlunit.matchesRegex([)}</a>", "<a/>", 1, 1, true,
			"${xmlunit.matchesRegex([)}: error parsing regexp: missing closing ]: `[`"},
		{"placeholder without end", "<a>${b</a>", "<a/>", 1, 1, true, "the placeholder ${b has no end; write $${ for a plain ${"},
		{"too deep", "<a/>", strings.Repeat("<a>", 1000), 1, 769, false, "elements are more than 256 deep"},
	} {
		_, err := compare.Answers([]byte(c.want), []byte(c.got), nil)
		var got *compare.SyntaxError
		if !errors.As(err, &got) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if diff := cmp.Diff(&compare.SyntaxError{Line: c.line, Column: c.column, Expected: c.expected, Placeholder: c.expected && strings.Contains(c.message, "${"), Message: c.message}, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestBytes(t *testing.T) {
	if found := compare.Bytes([]byte("abc"), []byte("abc")); found != nil {
		t.Error(found)
	}
	found := compare.Bytes([]byte("one\ntwo"), []byte("one\ntwins"))
	want := []compare.Difference{{Path: "byte 7", Kind: compare.Value, Want: `"one\ntwo" of 7 bytes`, Got: `"one\ntwins" of 9 bytes`, Line: 2, Column: 3}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
}
