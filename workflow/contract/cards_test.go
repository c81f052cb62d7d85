package contract_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/card"
	"rator/workflow/contract"
	"rator/workflow/value"
)

const (
	visa    = "4111111111111111"
	maestro = "6759649826438453"
)

var cardKey = card.NewKey([]byte(strings.Repeat("k", 32)))

// keyed is a contract of the ways in which a key says what it holds.
func keyed(t *testing.T) []*contract.Value {
	t.Helper()
	c, mistakes := contract.Parse("f", []byte(`<soapcall area="a" desc="d"><request><hookpointKey>T</hookpointKey><values>
		<value key="NAME" type="s"/><value key="LIST" type="s" list="true"/><value key="COUNT" type="l"/><value key="PRICE" type="f"/>
		<value key="IMEI" type="s"/><value key="TRANSACTION_ID" type="s"/><value key="TRANSACTION_NO" type="l"/>
		<value key="RECEIPT" type="s" reference="true" maxlen="20"/><value key="DEVICE" type="s" identifier="true"/>
		<value key="FAX" type="s" identifier="false"/><value key="PAYMENT_REF" type="s" reference="false"/><value key="NEW_PASSWORD" type="s" secret="password"/>
		<value key="USER" type="c"><values><value key="CITY" type="s"/></values></value><value key="ANY" type="c"><values/></value></values></request></soapcall>`), nil)
	for _, m := range mistakes {
		t.Fatal(m)
	}
	return c.Request
}

// TestScreen: what of each kind of key is refused, let through and concealed.
func TestScreen(t *testing.T) {
	vs := keyed(t)
	hidden := cardKey.Conceal(visa)
	for _, test := range []struct {
		name   string
		in     value.Tree
		broken []string   // paths
		want   value.Tree // nil = as it came
	}{
		{"nothing like it", value.Tree{str("NAME", "Åse 4111 1111"), value.OfLong("COUNT", 201401010000000301)}, nil, nil},
		{"a text", value.Tree{str("NAME", "card "+visa+" ok")}, []string{"NAME"}, nil},
		{"without a type", value.Tree{bare("NAME", visa)}, []string{"NAME"}, nil},
		{"parted", value.Tree{str("NAME", "4111-1111-1111-1111")}, []string{"NAME"}, nil},
		{"null", value.Tree{value.OfNull("NAME", value.String)}, nil, nil},
		{"numbers", value.Tree{typed("COUNT", value.Long, visa), typed("PRICE", value.Double, visa+".5")}, []string{"COUNT", "PRICE"}, nil},
		{"decimals", value.Tree{typed("PRICE", value.Double, "4."+visa[1:])}, nil, nil},
		{"an item of a list", value.Tree{str("LIST", "a"), str("LIST", visa)}, []string{"LIST[2]"}, nil},
		{"below", value.Tree{of("USER", str("CITY", visa))}, []string{"USER/CITY"}, nil},
		{"below what is open", value.Tree{of("ANY", of("X", str("Y", visa)))}, []string{"ANY/X/Y"}, nil},
		{"not declared", value.Tree{str("OTHER", visa), of("DEEP", str("X", visa))}, []string{"OTHER", "DEEP/X"}, nil},
		{"a key's name", value.Tree{str("K"+visa, "x")}, []string{"Kxxxxxx1111"}, nil},
		{"a complex key's name", value.Tree{of("ANY", of(visa, str("A", "b")))}, []string{"ANY/xxxxxx1111"}, nil},
		{"an identifier by its name", value.Tree{str("IMEI", maestro), of("ANY", str("MSISDN", "+370-6759649825"))}, nil, nil},
		{"no number of its kind", value.Tree{str("IMEI", "x"+visa)}, []string{"IMEI"}, nil},
		{"an identifier by its attribute", value.Tree{str("DEVICE", "x"+visa)}, nil, nil},
		{"no identifier whatever its name", value.Tree{str("FAX", "378282246310005")}, []string{"FAX"}, nil},
		{"no reference whatever its name", value.Tree{str("PAYMENT_REF", visa)}, []string{"PAYMENT_REF"}, nil},
		{"a password", value.Tree{str("NEW_PASSWORD", visa)}, nil, nil},
		{"references", value.Tree{str("TRANSACTION_ID", visa), bare("RECEIPT", "R "+visa), of("ANY", str("PSP_REFERENCE", visa))}, nil,
			value.Tree{str("TRANSACTION_ID", hidden), bare("RECEIPT", "R "+hidden), of("ANY", str("PSP_REFERENCE", hidden))}},
		{"a reference that is a number", value.Tree{typed("TRANSACTION_NO", value.Long, visa)}, []string{"TRANSACTION_NO"}, nil},
		{"CONTEXT", value.Tree{of("CONTEXT", str("BRAND_KEY", visa), str("PASSWORD", visa), str("REQUEST_ID", visa))}, []string{"CONTEXT/BRAND_KEY"},
			value.Tree{of("CONTEXT", str("BRAND_KEY", visa), str("PASSWORD", visa), str("REQUEST_ID", hidden))}},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, found := contract.Cards{Conceal: cardKey.Conceal}.Screen(vs, test.in)
			var broken []string
			for _, v := range found.Violations {
				broken = append(broken, v.Path)
				if strings.Contains(v.String(), visa) {
					t.Errorf("%s tells the number", v)
				}
			}
			if diff := cmp.Diff(test.broken, broken); diff != "" {
				t.Error(diff)
			}
			if test.want == nil {
				test.want = test.in
			}
			if diff := cmp.Diff(test.want, out); diff != "" {
				t.Error(diff)
			}
			if again, _ := (contract.Cards{Conceal: cardKey.Conceal}).Screen(vs, out); !cmp.Equal(out, again) {
				t.Errorf("the second time: %v", again)
			}
		})
	}
}

// TestScreenTells: which references it concealed, which identifiers it let through,
// which then pass under other keys; without a key it conceals none.
func TestScreenTells(t *testing.T) {
	in := value.Tree{str("IMEI", maestro), str("TRANSACTION_ID", visa)}
	out, found := contract.Cards{Conceal: cardKey.Conceal}.Screen(nil, in)
	if found.Clear[out.Text("TRANSACTION_ID")] != visa || in.Text("TRANSACTION_ID") != visa || !cmp.Equal(found.Identified, []string{maestro}) {
		t.Errorf("%+v %v", found, in)
	}
	copied := value.Tree{str("NAME", maestro), str("CITY", "x"+maestro)}
	if _, found := (contract.Cards{Known: found.Identified}).Screen(nil, copied); len(found.Violations) != 1 || found.Violations[0].Path != "CITY" {
		t.Errorf("%+v", found)
	}
	if out, found := (contract.Cards{}).Screen(nil, in[1:]); len(found.Violations) != 1 || !cmp.Equal(out, in[1:]) {
		t.Errorf("%+v %v", found, out)
	}
	masked, found := contract.Cards{Conceal: cardKey.Conceal, Mask: true}.Screen(nil, value.Tree{str("NAME", "my "+visa), in[0], in[1]})
	if diff := cmp.Diff(value.Tree{str("NAME", "my xxxxxx1111"), in[0], out[1]}, masked); diff != "" || len(found.Violations) > 0 {
		t.Error(diff, found.Violations)
	}
}

// TestNumbersPassUnderTheirKeys: 10,000 numbers under keys of each kind, with a card's
// first digit and its check digit as often as not, of which none is refused; card's own
// tests have more of them, each as its standard writes it.
func TestNumbersPassUnderTheirKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	digits := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('0' + r.IntN(10))
		}
		b[0] = "3456"[r.IntN(4)]
		return string(b)
	}
	for key, size := range map[string]int{
		"IMEI": 15, "IMEISV": 16, "IMSI": 15, "GLN": 13, "EAN_NUMBER": 13, "KID": 16, "OCR": 16, "MSISDN": 15, "PHONE_NUMBER": 13,
		"TRANSACTION_ID": 16, "PAYMENT_REFERENCE": 19,
	} {
		cards := 0
		for range 10_000 {
			in := value.Tree{of("DEEP", str(key, digits(size)))}
			if card.Holds(in[0].Items[0].Text) {
				cards++
			}
			if _, found := (contract.Cards{Conceal: cardKey.Conceal}).Screen(nil, in); len(found.Violations) > 0 {
				t.Fatalf("%s %s is refused", key, in[0].Items[0].Text)
			}
		}
		if cards < 20 {
			t.Errorf("%s: only %d look like cards", key, cards)
		}
	}
}

func TestCardAttributes(t *testing.T) {
	for attributes, want := range map[string]string{
		`type="s" reference="true" identifier="true"`: "both reference and identifier",
		`type="l" reference="true"`:                   "is for strings",
		`type="s" reference="maybe"`:                  "must be true or false",
	} {
		_, mistakes := contract.Parse("f", []byte(`<soapcall area="a" desc="d"><request><hookpointKey>T</hookpointKey><values><value key="A" `+attributes+`/></values></request></soapcall>`), nil)
		if len(mistakes) != 1 || !strings.Contains(mistakes[0].String(), want) {
			t.Errorf("%s: %v", attributes, mistakes)
		}
	}
}

// BenchmarkScreen is what a request costs that holds no twelve digits in a text, and
// one that holds ids of ours beside.
func BenchmarkScreen(b *testing.B) {
	vs := parse(b, "signup.xml").Request
	for name, in := range map[string]value.Tree{
		"sign-up": signUp(), "ids": signUp(with(str("A", "201401010000000301"), str("B", "201401010000000302"))),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				contract.Cards{Conceal: cardKey.Conceal}.Screen(vs, in)
			}
		})
		b.Run(name+"/check", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				contract.Check(vs, in, contract.Options{Request: true})
			}
		})
	}
}
