package contract_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/workflow/contract"
	"rator/workflow/value"
)

func parse(t testing.TB, file string) *contract.Contract {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	c, mistakes := contract.Parse(file, src, nil)
	for _, m := range mistakes {
		t.Error(m)
	}
	return c
}

func TestParseReadsEverything(t *testing.T) {
	c := parse(t, "signup.xml")
	if c.Hookpoint != "SOAP_SIGNUP_CUSTOMER" || c.Area != "customer" || c.ObjectKey != "ACCOUNT/ID" || c.MaxBytes != 65536 || c.Reads || c.Internal {
		t.Errorf("head is %+v", c)
	}
	var lines []string
	var list func(prefix string, vs []*contract.Value)
	list = func(prefix string, vs []*contract.Value) {
		for _, v := range vs {
			line := fmt.Sprintf("%s%s %s %d:%d", prefix, v.Key, v.Type, v.Line, v.Column)
			for _, flag := range []struct {
				on   bool
				name string
			}{
				{v.Mandatory, "mandatory"}, {v.List, "list"}, {v.Volatile, "volatile"}, {v.Secret == contract.Masked, "masked"},
				{v.Secret == contract.Password, "password"}, {v.Pattern != nil, "pattern"}, {v.MaxLen > 0, "maxlen"},
				{v.Enum != nil, "enum"}, {v.HasDef, "default=" + v.Default}, {v.Since != "", "since"}, {v.Class != "", "class"},
			} {
				if flag.on {
					line += " " + flag.name
				}
			}
			lines = append(lines, line)
			list(prefix+v.Key+"/", v.Values)
		}
	}
	list("", c.Request)
	list("→ ", c.Response)
	want := `ACCOUNT_TYPE string 6:7 mandatory enum
PRODUCT_CODE string 7:7 mandatory maxlen
USER complex 8:7 mandatory class
USER/FIRST_NAME string 10:11 mandatory maxlen
USER/EMAIL string 11:11 mandatory pattern
USER/BIRTHDAY date 12:11
USER/CREDIT_LIMIT long 13:11 default=500
USER/USERNAME string 14:11 mandatory
USER/PASSWORD string 15:11 password
USER/PIN2 string 16:11 masked
DEPOSIT double 19:7
NEWSLETTER boolean 20:7 default=true
SIGNUP_SERVICES complex 21:7
SIGNUP_SERVICES/CDMA_SERVICE complex 23:11 list since
SIGNUP_SERVICES/CDMA_SERVICE/ORDER_ID string 25:15 mandatory
SIGNUP_SERVICES/CDMA_SERVICE/QUANTITY long 26:15
EXTRA complex 31:7
→ ACCOUNT complex 36:7 mandatory
→ ACCOUNT/ID string 38:11 mandatory volatile`
	if diff := cmp.Diff(want, strings.Join(lines, "\n")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]contract.Failure{
		{Name: "USERNAME_NOT_UNIQUE", Line: 44, Column: 5},
		{Name: "BLACK_LISTED", Number: 10001, Desc: "the person is on the black list", Line: 45, Column: 5,
			Text: map[string]string{"EN": "the person is black listed", "DK": "personen er sortlistet"}},
	}, c.Errors); diff != "" {
		t.Error(diff)
	}
}

// Each mistake of broken.xml stands beside its line as <!-- column: text -->.
func TestParseFindsEveryMistake(t *testing.T) {
	src, err := os.ReadFile("testdata/broken.xml")
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]bool{}
	for i, line := range strings.Split(string(src), "\n") {
		for _, m := range regexp.MustCompile(`<!-- (\d+): (.*?) -->`).FindAllStringSubmatch(line, -1) {
			wanted[fmt.Sprintf("%d:%s: %s", i+1, m[1], m[2])] = true
		}
	}
	_, mistakes := contract.Parse("broken.xml", src, nil)
next:
	for _, m := range mistakes {
		got := strings.TrimPrefix(m.String(), "broken.xml:")
		for want := range wanted {
			at, text, _ := strings.Cut(want, ": ")
			if strings.HasPrefix(got, at+": ") && strings.Contains(got, text) {
				delete(wanted, want)
				continue next
			}
		}
		t.Errorf("unexpected: %s", got)
	}
	for want := range wanted {
		t.Errorf("not found: %s", want)
	}
}

func TestParseWholeFileMistakes(t *testing.T) {
	const tail = `<request><hookpointKey>X</hookpointKey></request></soapcall>`
	deep := strings.Repeat(`<values><value key="A" type="c">`, 9) + `<values/>` + strings.Repeat(`</value></values>`, 9)
	for name, c := range map[string]struct{ src, want string }{
		"empty":             {"", "f:1:1: the file has no element"},
		"open tag":          {"<soapcall>\n<request>", "f:2:10: not well-formed XML"},
		"two roots":         {"<soapcall>" + tail + "\n<soapcall/>", "f:2:1: second root element soapcall"},
		"wrong root":        {"<soapcal/>", "f:1:1: the root element is soapcal"},
		"no request":        {"<soapcall/>", "f:1:1: request is missing"},
		"bad hookpoint":     {`<soapcall><request><hookpointKey>../X</hookpointKey></request></soapcall>`, `f:1:20: hookpointKey "../X" is not a name`},
		"unknown encoding":  {`<?xml version="1.0" encoding="EBCDIC"?><soapcall>` + tail, `encoding "EBCDIC" is not supported`},
		"deep elements":     {strings.Repeat("<a>", 40), "elements nest deeper than 32"},
		"deep values":       {`<soapcall><request><hookpointKey>X</hookpointKey>` + deep + `</request></soapcall>`, "key A: values nest deeper than 8"},
		"optional to all":   {`<soapcall optional="true">` + tail, `f:1:1: only an internal hookpoint is optional; say internal="true" too`},
		"complex objectkey": {`<soapcall objectkey="A"><request><hookpointKey>X</hookpointKey><values><value key="A" type="c"><values/></value></values></request></soapcall>`, "objectkey A is complex"},
		"too large":         {strings.Repeat(" ", 1<<20+1), "the file has 1048577 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			_, mistakes := contract.Parse("f", []byte(c.src), nil)
			if len(mistakes) != 1 || !strings.Contains(mistakes[0].String(), c.want) {
				t.Errorf("got %v, want %s", mistakes, c.want)
			}
		})
	}
}

// What a real Rator's files may have besides: Latin-1, a byte order mark, a
// schema location, CONTEXT declared, empty attributes, no secret attributes.
func TestParseTakesRatorsOwnFiles(t *testing.T) {
	src := "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!DOCTYPE soapcall>\n" +
		`<soapcall xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="soap.xsd"><request><hookpointKey>
		SUBSCRIPTION.TERMINATION.CHARGE_ITEM </hookpointKey><values><value key="CONTEXT" type="c" class="" regexp=""><values>` +
		"<value key=\"PASSWORD\" type=\"s\" desc=\"l\xf8sen\"/></values></value></values></request><response/></soapcall>"
	c, mistakes := contract.Parse("f", []byte(src), nil)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	password := contract.Find(c.Request, "CONTEXT").Values[0]
	if c.Hookpoint != "SUBSCRIPTION.TERMINATION.CHARGE_ITEM" || password.Secret != contract.Masked || password.Desc != "løsen" {
		t.Errorf("got %+v with %+v", c, password)
	}
}

// TestByteOrderMark: an editor's mark is no part of the file.
func TestByteOrderMark(t *testing.T) {
	const document = "<?xml version=\"1.0\" encoding=\"UTF-%d\"?><soapcall><request><hookpointKey>X</hookpointKey></request></soapcall>"
	wide := []byte{0xff, 0xfe}
	for _, c := range []byte(fmt.Sprintf(document, 16)) {
		wide = append(wide, c, 0)
	}
	for _, src := range [][]byte{[]byte("\ufeff" + fmt.Sprintf(document, 8)), wide} {
		if _, mistakes := contract.Parse("f", src, nil); len(mistakes) > 0 {
			t.Errorf("%q: %v", src, mistakes)
		}
	}
}

func TestSuggest(t *testing.T) {
	for _, c := range []struct {
		name  string
		known []string
		want  string
	}{
		{"EMIAL", []string{"EMAIL", "EMAIL2"}, " (did you mean EMAIL?)"},
		{"emial", []string{"EMAIL"}, " (did you mean EMAIL?)"},
		{"create_acount", []string{"create_account", "create_user"}, " (did you mean create_account?)"},
		{"XYZZY", []string{"EMAIL", "CITY"}, " (known: CITY, EMAIL)"},
		{"XYZZY", strings.Split("ABCDEFGHIJKLMNOP", ""), ""},
		{"XYZZY", nil, ""},
	} {
		if got := contract.Suggest(c.name, c.known); got != c.want {
			t.Errorf("Suggest(%s) = %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range []string{"signup.xml", "broken.xml"} {
		src, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		c, mistakes := contract.Parse("f", src, nil)
		if c == nil && len(mistakes) == 0 {
			t.Error("neither a contract nor a mistake")
		}
		if c != nil && len(mistakes) == 0 {
			contract.Check(c.Request, value.Tree{value.OfString("A", "x")}, contract.Options{Request: true})
		}
	})
}
