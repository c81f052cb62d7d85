package mask_test

import (
	"encoding/json"
	"strings"
	"testing"

	"rator/mask"
	"rator/workflow/contract"
)

// declared is what the house's contracts mark secret.
func declared(t testing.TB) func() *mask.Declared {
	d := mask.DeclaredBy([]*contract.Contract{contracts(t)("SOAP_SAY_HELLO")})
	return func() *mask.Declared { return d }
}

const planted = "Zq7hunter2Zq7"

// Each document is what stands before a secret and behind it: both stay as they are.
func TestASecretInJSONIsTakenOutAndNothingElse(t *testing.T) {
	m := mask.New(nil, mask.Options{Declared: declared(t)})
	for name, doc := range map[string]string{
		"member":                    `{"name":"Bo","pin":"@","status":"new"}`,
		"in another case":           `{"PIN":"@"}`,
		"in words of its own":       `{"newPassword":"@","user":"bo"}`,
		"verification code":         `{"securityCode":"@"}`,
		"verification, parted":      `{"card-verification_code":"@"}`,
		"track":                     `{"track2":"@"}`,
		"declared by a contract":    `{"ssn":"@","name":"x"}`,
		"below a declared one":      `{"bank":{"x":"@"}}`,
		"in a list":                 `{"pin":[1],"token":["@"]}`,
		"deep":                      `{"a":[{"b":{"clientSecret":{"c":["@"]}}}]}`,
		"pair":                      `{"characteristic":[{"name":"password","value":"@","no":"7"},{"name":"color","value":"red"}]}`,
		"pair, value first":         `{"characteristic":[{"value":"@","name":"PUK1"}]}`,
		"pair of a declared name":   `{"name":"Ssn","value":"@"}`,
		"pair with key":             `{"key":"pin","value":"@"}`,
		"pair, a whole object":      `{"name":"credentials","value":{"user":{"x":["@"]}}}`,
		"pair, name in escapes":     `{"n\u0061me":"p\u0069n","v\u0061lue":"@"}`,
		"name that broke":           `{"new}Passwor>d":"@","}pin":1}`,
		"pair in a pair":            `{"name":"a","value":{"value":"@","name":"pin"}}`,
		"patch":                     `[{"op":"replace","path":"/pin","value":"@"},{"op":"test","path":"/name","value":"Bo"}]`,
		"patch, value first":        `[{"value":"@","path":"/customerAccount/0/pin","op":"add"}]`,
		"patch, path in escapes":    `[{"op":"add","path":"/x~1token","value":"@"}]`,
		"patch of a pair":           `[{"op":"add","path":"/characteristic/-","value":{"name":"pin","value":"@"}}]`,
		"patch of a pair's value":   `[{"op":"replace","path":"/characteristic/0/value","value":"@"}]`,
		"patch below a secret":      `[{"op":"replace","path":"/credentials/1/x","value":{"a":"@"}}]`,
		"merge patch":               `{"pin":"@","description":null}`,
		"a document in a text":      `{"description":"{\"pin\":\"@\"}"}`,
		"XML in a text":             `{"description":"<password>@</password>"}`,
		"callback":                  `{"callback":"http://bo:@@hooks.example/x?a=1","query":"eventType=X"}`,
		"callback's query":          `{"callback":"http://hooks.example/x?token=@&a=1"}`,
		"query of a hub":            `{"query":"eventType=CustomerCreateNotification&event.customerAccount.pin=@"}`,
		"query of a hub, in groups": `{"query":"customerAccount=(status=new&pin=@"}`,
		"credentials by their look": `{"description":"Bearer @"}`,
		"byte order mark":           "\uFEFF" + `{"pin":"@"}`,
		"several documents":         `{"a":1}` + "\n" + `{"pin":"@"}`,
		"cut off in the value":      `{"pin":"@`,
		"cut off in a text":         `{"name":"Bo","description":"@`,
		"cut off before the name":   `[{"no":"7","value":"@"`,
		"cut off before the path":   `[{"op":"add","value":"@",`,
		"cut off behind an escape":  `{"a":[{"pin":"@`,
	} {
		t.Run(name, func(t *testing.T) {
			in := strings.Replace(doc, "@", planted, 1)
			want := strings.Replace(doc, "@", "***", 1)
			if name == "name that broke" {
				want = strings.Replace(want, ":1}", `:"***"}`, 1)
			}
			if name == "in a list" {
				want = strings.Replace(want, `[1]`, `["***"]`, 1)
			}
			_, got, _ := m.REST("/", "application/json", in, "", "")
			if string(got) != want {
				t.Errorf("\ngot  %s\nwant %s", got, want)
			}
			if _, again, _ := m.REST("/", "application/json", got, "", ""); again != got {
				t.Errorf("masked again: %s", again)
			}
			if got := string(m.Message("application/json;charset=utf-8", []byte(in))); got != want {
				t.Errorf("as a message: %s", got)
			}
		})
	}
}

// What a text that is no JSON holds behind the place where it stops being it is hidden
// when anything is named like a secret.
func TestBrokenJSONHidesWhatItCannotTell(t *testing.T) {
	m := mask.New(nil, mask.Options{Declared: declared(t)})
	for doc, want := range map[string]string{
		`{"pin" "@"}`:                               `{"pin" ***`,
		`{'pin':'@'}`:                               `{***`,
		`{pin:@}`:                                   `{***`,
		`{"a":"x"y","pin":"@"}`:                     `{"a":"x"***`,
		`{"name":"pin,"value":"@"}`:                 `{"name":"pin,"***`,
		`{"name":"x,"va\u006cue":"@"}`:              `{"name":"x,"***`,
		`{"pin":@}`:                                 `{"pin":***`,
		`pin=@`:                                     `***`,
		`{"name":"password" "value":"@"}`:           `{"name":"password" ***`,
		`{"credentials":{}"user":"@"}}`:             `{"credentials":{}***`,
		`{"ssn"="@"}`:                               `{"ssn"***`,
		`{"path":"/characteristic/0/value":"@"}`:    `{"path":"/characteristic/0/value"***`,
		`{"creditCard"{"number":"@"}}`:              `{"creditCard"***`,
		`{"name":"Bo",,"town":"Odense" oops "a":1}`: `{"name":"Bo",,"town":"Odense" oops "a":1}`,
		`{"name":"Bo",}`:                            `{"name":"Bo",}`,
		`{"a" 4111111111111111}`:                    `{"a" ***}`,
		strings.Repeat("[", 100) + `{"pin":"@"}`:    strings.Repeat("[", 65) + "***",
	} {
		_, got, _ := m.REST("/", "application/json", strings.Replace(doc, "@", planted, 1), "", "")
		if string(got) != want {
			t.Errorf("%s\ngot  %s\nwant %s", doc, got, want)
		}
	}
}

func TestPaymentCardsInJSON(t *testing.T) {
	m := mask.New(nil, mask.Options{})
	for doc, want := range map[string]string{
		// the parts of a card, whether they look like one's or not
		`{"creditCard":{"creditCardHolder":"Bo Ek","type":"Visa","number":"1234567812345678","expirationDate":"2027-01-31T00:00:00Z"}}`: `{"creditCard":{"creditCardHolder":"Bo Ek","type":"Visa","number":"***","expirationDate":"2027-01-31T00:00:00Z"}}`,
		`{"creditCard":{"number":"xxxxxx5678"}}`:                         "",
		`{"CreditCard":[{"number":1234567812345678}]}`:                   `{"CreditCard":[{"number":"***"}]}`,
		`{"name":"creditCard","value":{"number":"1234567812345678"}}`:    `{"name":"creditCard","value":{"number":"***"}}`,
		`[{"op":"add","path":"/creditCard/number","value":"12345678"}]`:  `[{"op":"add","path":"/creditCard/number","value":"***"}]`,
		`[{"op":"add","path":"/creditCard","value":{"number":"12345"}}]`: `[{"op":"add","path":"/creditCard","value":{"number":"***"}}]`,
		`[{"value":"12345","path":"/creditCard/expirationDate"}]`:        `[{"value":"***","path":"/creditCard/expirationDate"}]`,
		// card numbers anywhere
		`{"note":"paid 4111 1111 1111 1111 today"}`:      `{"note":"paid *** today"}`,
		`{"note":"4111\u00311111111\n1111"}`:             `{"note":"***"}`,
		`{"note":"\ud835\udfdc111111111111111"}`:         `{"note":"***"}`,
		`{"n":4242424242424242,"m":4242.42}`:             `{"n":"***","m":4242.42}`,
		`{"4111111111111111":"x","b":1}`:                 `{"***":"x","b":1}`,
		`{"note":"B4111111111111111^EK/BO^25121010001"}`: `{"note":"***"}`,
		`{"note":"1234567890123456=25121010001"}`:        `{"note":"***"}`,
		`[41111111`:  `["***"`,
		`["41111111`: `["***`,
		`{"id":"c202611291803000001","accountId":202611291803000001,"phone":"+4712345678"}`: "",
	} {
		if want == "" {
			want = doc
		}
		if got := string(m.Message("application/json", []byte(doc))); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", doc, got, want)
		}
	}
}

// An answer repeats what was asked; what is a secret in the request is none there by its
// name.
func TestASecretOfTheRequestIsHiddenInTheAnswer(t *testing.T) {
	m := mask.New(nil, mask.Options{})
	for _, c := range []struct{ target, request, answer, wantTarget, wantRequest, want string }{
		{"/customer?pin!~a%20b-99", "", `{"message":"pin is not followed by an operator but by \"!~a b-99\"","n":12}`,
			"/customer?pin!~***", "", `{"message":"pin is not followed by an operator but by \"!~***\"","n":12}`},
		{"/customer", `{"pin":"a\"b-7","x":1}`, `{"message":"not a\"b-7, nor xa\"b-7x"}`,
			"/customer", `{"pin":"***","x":1}`, `{"message":"not ***, nor xa\"b-7x"}`},
		{"/customer", `{"pin":8841,"x":1}`, `{"message":"8841 is a number","credit":8841,"other":88410}`,
			"/customer", `{"pin":"***","x":1}`, `{"message":"*** is a number","credit":"***","other":88410}`},
		{"/customer?pin!" + strings.Repeat("Zq7", 20), "", `{"message":"by \"!` + strings.Repeat("Zq7", 13) + `Z\""}`, "/customer?pin!***", "", `{"message":"by \"!***\""}`},
		{"/customer/4111111111111111", "", `{"message":"there is no customer 4111111111111111"}`,
			"/customer/***", "", `{"message":"there is no customer ***"}`},
	} {
		target, request, answer := m.REST(c.target, "application/json", c.request, "application/json", c.answer)
		if target != c.wantTarget || string(request) != c.wantRequest || string(answer) != c.want {
			t.Errorf("%s %s\ngot  %s %s %s\nwant %s %s %s", c.target, c.request, target, request, answer, c.wantTarget, c.wantRequest, c.want)
		}
	}
}

func TestQueries(t *testing.T) {
	m := mask.New(nil, mask.Options{Declared: declared(t)})
	for in, want := range map[string]string{
		"pin=1234":                               "pin=***",
		"pin.eq=1234&name=Bo":                    "pin.eq=***&name=Bo",
		"customerAccount.pin%3E%3D1234":          "customerAccount.pin%3E%3D***",
		"p%69n==1234":                            "p%69n==***",
		"pin.regex=%5E12.*&limit=2":              "pin.regex=***&limit=2",
		"pin=~12":                                "pin=~***",
		"pin=1234;5678;name=Bo":                  "pin=***",
		"status=new;pin=1234":                    "status=new;pin=***",
		"pin":                                    "pin",
		"pin=x&characteristic.value=my-secret":   "pin=***&characteristic.value=***",
		"pin=":                                   "pin=",
		"pin:1234":                               "pin***",
		"pin.1234":                               "pin***",
		"pin.pin!~1234":                          "pin.pin!~***",
		"fields=pin,name&sort=-pin":              "fields=pin,name&sort=-pin",
		"filter=$[?(@.pin=='1234')]":             "filter=$[?(@.pin==***",
		"securityCode=123":                       "securityCode=***",
		"ssn=1&town=Odense":                      "ssn=***&town=Odense",
		"access_token=x&sig=y&key=abcdefgh12345": "access_token=***&sig=***&key=abcdefgh12345",
		"creditCard.number=1234567812345678":     "creditCard.number=***",
		"creditCard.type=Visa&creditCard.expirationDate.gt=2027-01-01": "creditCard.type=Visa&creditCard.expirationDate.gt=2027-01-01",
		"name=4111111111111111":                                   "name=***",
		"name=pay%204111+1111+1111+1111+now":                      "name=pay%20***+now",
		"4111111111111111=x":                                      "***=x",
		"characteristic.value=x1":                                 "characteristic.value=***",
		"characteristic.name=color&characteristic.value=red":      "characteristic.name=color&characteristic.value=red",
		"characteristic.name=password&characteristic.value=red":   "characteristic.name=password&characteristic.value=***",
		"characteristic.name.regex=.*&characteristic.value=red":   "characteristic.name.regex=.*&characteristic.value=***",
		"name=color&characteristic.value=red":                     "name=color&characteristic.value=***",
		"characteristic=(name=pin&value=12)&status=new":           "characteristic=(name=pin&value=***&status=new",
		"back=http%3A%2F%2Fa%3As3%40h%2F&x=1":                     "back=http%3A%2F%2Fa%3A***%40h%2F&x=1",
		"name=Bo&status=Active&offset=20&limit=20&_=170000000001": "name=Bo&status=Active&offset=20&limit=20&_=170000000001",
		"owner=202611291803000001,c202611291803000002":            "owner=202611291803000001,c202611291803000002",
		"name=100%&x=%zz":                                         "name=100%&x=%zz",
	} {
		target, _, _ := m.REST("/customer?"+in, "", "", "", "")
		if target != "/customer?"+want {
			t.Errorf("%s\ngot  %s\nwant %s", in, target, want)
		}
		if again, _, _ := m.REST(target, "", "", "", ""); again != target {
			t.Errorf("%s becomes %s", target, again)
		}
	}
	for in, want := range map[string]string{
		"/customer/c202611291803000001": "", "/customer/%C3%85se": "", "/customer/a;token=x/b": "/customer/a;token=***/b", "/customer/%341111111 11111111": "/customer/***",
	} {
		if want == "" {
			want = in
		}
		if target, _, _ := m.REST(in, "", "", "", ""); target != want {
			t.Errorf("%s: %s", in, target)
		}
	}
}

// FuzzNoSecretSurvivesInJSON: what a secret's name has is gone, wherever the text ends or
// breaks, and masked again nothing is left to hide.
func FuzzNoSecretSurvivesInJSON(f *testing.F) {
	f.Add(`{"a":1,`, `}`, uint8(0), uint16(0))
	f.Add(`[{"b":"x\"y"},`, `]`, uint8(1), uint16(3))
	f.Add(`[[{},{"value":1,"name":"x"},`, `,{"pin":null}]]`, uint8(2), uint16(9))
	f.Add(`{"a`, `}`, uint8(3), uint16(1))
	m := mask.New(nil, mask.Options{Declared: declared(f)})
	forms := []string{
		`"pin":"` + planted + `"`, `{"name":"password","value":"` + planted + `"}`, `{"value":["` + planted + `"],"path":"/pin"}`, `"token":{"a":[{"b":"` + planted + `"}]}`,
	}
	f.Fuzz(func(t *testing.T, before, behind string, form uint8, cut uint16) {
		// What is before may not itself swallow the name.
		if strings.ContainsAny(before, "\\\"") && !json.Valid([]byte(before+"0]")) && !json.Valid([]byte(before+`"x":0}`)) {
			return
		}
		in := before + forms[int(form)%len(forms)] + behind
		in = in[:len(in)-min(int(cut), len(in))]
		_, out, _ := m.REST("/", "application/json", in, "", "")
		if strings.Contains(string(out), planted) {
			t.Fatalf("the secret of\n%s\nis in\n%s", in, out)
		}
		if _, again, _ := m.REST("/", "application/json", out, "", ""); again != out {
			t.Fatalf("masked again\n%s\nis\n%s", out, again)
		}
	})
}
