package mask

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/workflow/contract"
)

// shipped are the contracts of the shipped hookpoints, and one that has names as secrets
// which do not say so.
func shipped(t testing.TB) func(hookpoint string) *contract.Contract {
	t.Helper()
	const dir = "../workflow/hookpoints"
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	types, mistakes := contract.ParseTypes("types.xml", read("types.xml"), nil)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	all := map[string]*contract.Contract{}
	folders, err := filepath.Glob(dir + "/*/contract.xml")
	if err != nil || len(folders) == 0 {
		t.Fatal(folders, err)
	}
	for _, file := range folders {
		key := filepath.Base(filepath.Dir(file))
		if all[key], mistakes = contract.Parse(file, read(key+"/contract.xml"), types); len(mistakes) > 0 {
			t.Fatal(mistakes)
		}
	}
	const hello = `<soapcall area="Example" desc="Example."><request><hookpointKey>SOAP_SAY_HELLO</hookpointKey><values>
		<value key="ID" type="s" secret="true"/><value key="NAME" type="s" secret="true"/><value key="USER" type="c"><values><value key="NAME" type="s"/></values></value>
	</values></request><response><values/></response></soapcall>`
	if all["SOAP_SAY_HELLO"], mistakes = contract.Parse("contract.xml", []byte(hello), nil); len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	return func(hookpoint string) *contract.Contract { return all[hookpoint] }
}

// bothWays are maskers that differ in nothing but that the second has no one pass. What
// stands for a secret tells its key and the secret.
func bothWays(contracts func(string) *contract.Contract, keep ...string) (quick, full *Masker) {
	tell := func(key, secret string) string { return "[" + key + "|" + strings.Trim(secret, "[]|") + "]" }
	quick, full = New(contracts, Options{Keep: keep, Value: tell}), New(contracts, Options{Keep: keep, Value: tell})
	full.fullOnly = true
	return quick, full
}

// awkward are documents in which something is not as in most.
var awkward = []string{
	``, `<`, `<a`, `<a>`, `</a>`, `<a></b>`, `<a></a >`, `<a/><b/>`, `<a><</a>`, `<a>x</a`, `<?xml version="1.0"?>`, `<?xml version="1.0" pin="1"?><a/>`,
	` <?xml version="1.0"?><a/>`, "\xEF\xBB\xBF<a>1</a>", `<a>4111<b/>111111111111</a>`, `<a>4111111111111111</a>`, `<a>202601020304050092</a>`, `<a b="4111111111111111"/>`,
	`<a type="4111111111111111">4</a>`, `<a type="&#xAEA;&#xAEA;&#xAEA;&#xAEA;&#xAEA;&#xAEA;&#xAEA;&#xAEA;&#xAEA;&#xAEA;&#xAEA;&#xAEA;&#xAEA;&#xAEA;&#xAEA;&#xAEE;"/>`,
	`<a>DK5000400440116243</a>`, `<a>4111-1111-1111-1111</a><b>4111 1111</b>`, `<a>Bearer abcdef12</a>`, `<a> basic YTpi</a>`, `<a>{"pin":"1"}</a>`, `<a>[{"pin":"1"}]</a>`,
	`<a>&lt;pin&gt;1&lt;/pin&gt;</a>`, `<a>a&amp;b</a>`, `<a><![CDATA[<pin>1</pin>]]></a>`, `<a><!--pin: 1--></a>`, `<!DOCTYPE a><a/>`, `<a>http://u:p@h/?pin=1</a>`,
	`<a>rator_abcdefghijklmnopqrstuvwxyz0123456789ABCDE-_</a>`, `<a>%B4111111111111111^EK/BO^2512101000?</a>`, `<a type=b/><pin>1</pin></a>`, `<a type=b/><c/><a type=b/>`,
	`<a type="x"/><a type="x"></a><a type="x"/>`, `<pin>1</pin>`, `<pin> </pin>`, `<pin/>`, `<pin><a>1</a></pin>`, `<pin>1<a>1</a></pin>`, `<pin href="#i"/><b id="i">1</b>`,
	`<pin type="4">1</pin>`, `<pin x="4">1</pin>`, `<a pin="1"/>`, `<a name="pin">1</a>`, `<a n="pin" v="1"/>`, `<a key="PIN">1</a>`, `<a id="i">1</a>`,
	`<v><key>PIN</key><value>1</value></v>`, `<v><value>1</value><key>PIN</key></v>`, `<v><key>PIN</key>1</v>`, `<v><key>PIN</key><value>1<b/></value></v>`,
	`<v><key>PIN</key><value><key>A</key><value>1</value></value></v>`, `<v><key>PIN</key><value type="s">1</value></v>`, `<v><key>PIN</key><value x="1">1</value></v>`,
	`<v><key type="s">PIN</key><value>1</value></v>`, `<v><key pin="2">A</key><value>1</value></v>`, `<v><key/><value>1</value></v>`, `<v><key/><key>PIN</key><value>1</value></v>`,
	`<v><key>A</key><key>PIN</key><value>1</value></v>`, `<v><name>PIN</name><value>1</value></v>`, `<v><value>1</value><name>PIN</name></v>`, `<v><name>PIN</name><other>1</other></v>`,
	`<v><name/><name>PIN</name><value>1</value></v>`, `<v><name>A</name><key>PIN</key><value>1</value></v>`, `<v><key>PIN</key><name>A</name><value>1</value></v>`,
	`<v><name>A</name><name>PIN</name><value>1</value></v>`, `<key>PIN</key><value>1</value>`, `<v><key>P&#73;N</key><value>1</value></v>`, `<v><key>4111111111111111</key><value>1</value></v>`,
	`<v><Key>PIN</Key><Value>1</Value></v>`, `<n:v><n:key>PIN</n:key><n:value>1</n:value></n:v>`, `<v> <key> PIN </key> <value> 1 </value> </v>`, `<v>x<key>PIN</key><value>1</value></v>`,
	`<v><key>` + strings.Repeat("K", 5000) + `</key><value>1</value></v>`, strings.Repeat("<a>", 60) + "<pin>1</pin>" + strings.Repeat("</a>", 60),
	`<r><hookpointKey>SOAP_SIGNUP_CUSTOMER</hookpointKey><v><key>USER</key><v><key>PASSWORD</key><value>1</value></v></v></r>`,
	`<r><v><key>USER</key><v><key>PASSWORD</key><value>1</value></v></v><hookpointKey>SOAP_SIGNUP_CUSTOMER</hookpointKey></r>`,
	`<r><hookpointKey/><hookpointKey>SOAP_SIGNUP_CUSTOMER</hookpointKey></r>`, `<r>hookpointKey><hookpointKey type="s">SOAP_SIGNUP_CUSTOMER</hookpointKey></r>`,
	`<r><hookpointKey>A</hookpointKey><hookpointKey>SOAP_SIGNUP_CUSTOMER</hookpointKey></r>`, `<hookpointKey>SOAP_SIGNUP_CUSTOMER</hookpointKey>`,
	`<SOAP_SIGNUP_CUSTOMER><USER><NAME>B</NAME><PASSWORD>1</PASSWORD><SSN>2</SSN></USER><CONTEXT><PASSWORD>1</PASSWORD></CONTEXT></SOAP_SIGNUP_CUSTOMER>`,
	`<SOAP_SIGNUP_CUSTOMER><USER><NAME/><NAME x="1">B</NAME><VALUE>1</VALUE></USER></SOAP_SIGNUP_CUSTOMER>`,
	`<r><a x="hookpointKey">SOAP_SAY_HELLO</a><v><key>ID</key><value>1</value></v></r>`, `<SOAP_SAY_HELLO><NAME/><NAME>B</NAME></SOAP_SAY_HELLO>`,
	`<r><hookpointKey>SOAP_SAY_HELLO</hookpointKey><v><key>ID</key><value>1</value></v><v><key>USER</key><v><key>NAME</key><value>B</value></v></v></r>`,
	`<SOAP_SIGNUP_CUSTOMERResponse><USER><PASSWORD>1</PASSWORD></USER></SOAP_SIGNUP_CUSTOMERResponse>`, `<SOAP_SIGNUP_CUSTOMER_RESPONSE><NAME>x</NAME></SOAP_SIGNUP_CUSTOMER_RESPONSE>`,
}

// fixtures are the messages that lie in testdata, by file, and the hookpoint of the
// folder for what answers.
func fixtures(t testing.TB, each func(file, hookpoint, text string)) {
	t.Helper()
	err := filepath.WalkDir("../testdata", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(file) == ".db" {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		hookpoint := ""
		if strings.Contains(file, "response") {
			hookpoint = filepath.Base(filepath.Dir(file))
		}
		each(file, hookpoint, string(text))
		if filepath.Ext(file) == ".http" {
			for part := range strings.SplitSeq(string(text), "\r\n\r\n") {
				each(file, hookpoint, part)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOnePassMasksAsTheFullOne(t *testing.T) {
	contracts := shipped(t)
	for _, keep := range [][]string{nil, {"PIN", "type", cardNumberKey}} {
		quick, full := bothWays(contracts, keep...)
		compare := func(name, hookpoint, text string) {
			got, want := quick.Answer(hookpoint, "text/xml", []byte(text)), full.Answer(hookpoint, "text/xml", []byte(text))
			if string(got) != string(want) {
				t.Errorf("%s\ngot  %s\nwant %s", name, got, want)
			}
			const before = "before "
			if got := quick.Append([]byte(before), hookpoint, "text/xml", text); string(got) != before+string(want) {
				t.Errorf("%s\nappended %s\nwant     %s", name, got, want)
			}
		}
		for _, text := range awkward {
			for _, text := range []string{text, "<r>" + text + "</r>", text + text} {
				compare(text, "", text)
				compare(text, "SOAP_SIGNUP_CUSTOMER", text)
			}
		}
		fixtures(t, compare)
		random := rand.New(rand.NewPCG(1, 2))
		for range 20_000 {
			text := grown(random, 0)
			compare(text, []string{"", "SOAP_SIGNUP_CUSTOMER"}[random.IntN(2)], text)
		}
	}
}

// grown is a document of parts that mean something to the masking, mostly in order.
func grown(random *rand.Rand, depth int) string {
	of := func(all ...string) string { return all[random.IntN(len(all))] }
	name := of("key", "key", "value", "value", "values", "name", "n:key", "Value", "NAME", "USER", "CONTEXT", "PASSWORD", "pin", "a", "hookpointKey", "SOAP_SIGNUP_CUSTOMER")
	var b strings.Builder
	b.WriteString("<" + name)
	if random.IntN(4) == 0 {
		b.WriteString(of(` type="s"`, ` n:type='s'`, ` xmlns:n="pin"`, ` pin="1"`, ` x="2"`, ` name="PIN"`, ` id="i"`, ` href="#i"`, ` type="4111111111111111"`, ` type=s`, ` type="&amp;"`, ` key`))
	}
	if random.IntN(10) == 0 {
		return b.String() + "/>"
	}
	b.WriteString(">")
	if depth < 5 && random.IntN(3) > 0 {
		if random.IntN(2) == 0 {
			b.WriteString("<key>" + of("PIN", "A", "USER", "CONTEXT", "PASSWORD", "SOAP_SIGNUP_CUSTOMER") + "</key>")
		}
		for range random.IntN(4) {
			b.WriteString(grown(random, depth+1))
		}
	}
	if random.IntN(2) == 0 {
		b.WriteString(of("1", " ", "PIN", "SOAP_SIGNUP_CUSTOMER", "4111111111111111", "4111 1111", "&#52;", "a&amp;b", "&lt;pin>1&lt;/pin>", `{"pin":1}`, "http://a:b@c", "Bearer abcdefg1", "<!-- pin: 1 -->", "<![CDATA[1]]>", "<"))
	}
	if random.IntN(50) > 0 {
		b.WriteString("</" + name + ">")
	}
	return b.String()
}

// What the log has most of, it masks in one pass.
func TestMostMessagesNeedOnePass(t *testing.T) {
	m := New(shipped(t), Options{})
	fixtures(t, func(file, hookpoint, text string) {
		if !strings.HasPrefix(file, "../testdata/soap/") || !strings.HasSuffix(file, ".response.xml") {
			return
		}
		if _, _, ok := m.onePass(hookpoint, text, 0); !ok {
			t.Errorf("%s takes the full pass", file)
		}
	})
}

func FuzzOnePassEqualsFull(f *testing.F) {
	for _, text := range awkward {
		f.Add("", text)
		f.Add("SOAP_SIGNUP_CUSTOMER", "<r>"+text+"</r>")
	}
	for _, file := range []string{"01-success.request.xml", "01-success.response.xml"} {
		text, err := os.ReadFile("../testdata/soap/SOAP_SIGNUP_CUSTOMER/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("SOAP_SIGNUP_CUSTOMER", string(text))
	}
	contracts := shipped(f)
	quick, full := bothWays(contracts)
	f.Fuzz(func(t *testing.T, hookpoint, text string) {
		want, _ := full.xml(hookpoint, text, 0)
		if got, _ := quick.xml(hookpoint, text, 0); got != want {
			t.Fatalf("%q\ngot  %q\nwant %q", text, got, want)
		}
		want = string(full.Append(nil, hookpoint, "text/xml; charset=utf-8", text))
		if got := quick.Append(nil, hookpoint, "text/xml; charset=utf-8", text); string(got) != want {
			t.Fatalf("%q\nappended %q\nwant     %q", text, got, want)
		}
	})
}
