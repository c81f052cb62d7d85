package store

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// shapes has a member of every shape that documents have.
type shapes struct {
	Base
	Text    string
	Named   word `json:"name"`
	Number  int
	Small   int8
	Yes     bool
	At      time.Time `json:",omitzero"`
	ID      ID
	Words   []word     `json:",omitempty"`
	Parts   []shape    `json:",omitempty"`
	Grid    [][]string `json:",omitempty"`
	Pointer *shape     `json:",omitempty"`
	Deep    **int      `json:",omitempty"`
	Moment  *time.Time `json:",omitempty"`
	below
	Inline struct{ A, B string }
	Pair   [2]shape
	Places map[string][]string `json:",omitempty"`
	Raw    json.RawMessage     `json:",omitempty"`
	Bytes  []byte
	Float  float64
	Count  uint16
	Any    any         `json:",omitempty"`
	Exact  json.Number `json:",omitempty"`
	Left   string      `json:"-"`
}

type (
	word  string
	shape struct {
		Word string
		Of   ID
	}
	below  struct{ Inner string }
	itself struct {
		Name   string
		Within []itself
	}
	twice    struct{ Name, Other string }
	clashing struct {
		twice
		Name string
	}
	quoted struct {
		N int `json:",string"`
	}
	stamped struct{ time.Time }
)

// full is a shapes with something in every member.
func full() shapes {
	one, two := 1, shape{"zwei", 202601020304050002}
	pointer := &one
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	x := shapes{Text: "Åse <&> \"\\\n\t\u2028 \U0001F600", Named: "n", Number: -12, Small: -128, Yes: true, At: at, ID: 202601020304050001,
		Words: []word{"a", "", "c"}, Parts: []shape{{"eins", 0}, two}, Grid: [][]string{{}, {"x"}, nil}, Pointer: &two, Deep: &pointer, Moment: &at,
		below: below{"in"}, Pair: [2]shape{two, {}}, Places: map[string][]string{"here": {"a"}}, Raw: json.RawMessage(`{"a":[1,2]}`),
		Bytes: []byte{0, 255}, Float: 1.5e300, Count: 65535, Any: map[string]any{"a": 1.5}, Exact: "12.50"}
	x.Inline.B = "b"
	return x
}

// agrees says that a plan reads a document as encoding/json does, or leaves it; read says
// that it does not leave it.
func agrees[T any](t *testing.T, doc string) (read bool) {
	t.Helper()
	want, got := new(T), new(T)
	wrong := json.Unmarshal([]byte(doc), want)
	if err := decode(planOf(reflect.TypeFor[T](), nil), []byte(doc), got); (err == nil) != (wrong == nil) {
		t.Fatalf("%q: %v, want %v", doc, err, wrong)
	}
	if wrong == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("%q: %s", doc, cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true })))
	}
	d := document{text: doc}
	return planOf(reflect.TypeFor[T](), nil)(&d, reflect.ValueOf(new(T)).Elem()) && d.ended()
}

func written(t *testing.T, x any) string {
	t.Helper()
	doc, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}

// What json.Marshal writes a plan reads by itself, whatever is in it.
func TestPlanReadsWhatMarshalWrites(t *testing.T) {
	for _, x := range []shapes{{}, full(), {Text: strings.Repeat("long ", 1000)}, {Words: []word{}}} {
		if doc := written(t, x); !agrees[shapes](t, doc) {
			t.Errorf("%s is left to encoding/json", doc)
		}
	}
	spaced, err := json.MarshalIndent(full(), "\t", " ")
	if err != nil || !agrees[shapes](t, " \r\n"+string(spaced)+"\n") {
		t.Errorf("spaces are left to encoding/json: %v", err)
	}
	older := strings.Replace(written(t, full()), `{"Text"`, `{"Was":{"a":["}"]},"Went":-1.5e3,"Text"`, 1)
	if !agrees[shapes](t, older) {
		t.Error("members of a version before are left to encoding/json")
	}
	agrees[itself](t, `{"Name":"a","Within":[{"Name":"b","Within":null}]}`)
	agrees[clashing](t, `{"Name":"a","Other":"b"}`)
	agrees[quoted](t, `{"N":"12"}`)
	agrees[stamped](t, `"2026-01-02T03:04:05Z"`)
	agrees[struct{ time.Time }](t, `"2026-01-02T03:04:05Z"`)
}

// Documents that json.Marshal never writes.
var strange = []string{
	``, ` `, `null`, `{}`, `[]`, `"a"`, `{`, `}`, `{}}`, `{} {}`, `{"Text":"a"`, `{"Text":"a",}`, `{"Text" "a"}`, `{Text:"a"}`, `{"Text":"a" "ID":""}`,
	`{"Text":null,"name":null,"Number":null,"Yes":null,"At":null,"ID":null,"Words":null,"Pointer":null,"Deep":null,"Inline":null,"Moment":null}`,
	`{"text":"a"}`, `{"TEXT":"a","Text":"b"}`, `{"Text":"a","Text":"b"}`, `{"Pointer":{"Word":"a"},"Pointer":{"Of":""}}`, `{"Te\u0078t":"a"}`,
	`{"Text":1}`, `{"Text":true}`, `{"Text":{}}`, `{"Text":"a\x"}`, "{\"Text\":\"a\nb\"}", "{\"Text\":\"\xff\"}", "{\"Text\":\"\xed\xa0\x80\"}", `{"Text":"\ud800"}`,
	`{"Number":1.0}`, `{"Number":1e2}`, `{"Number":01}`, `{"Number":+1}`, `{"Number":-}`, `{"Number":"1"}`, `{"Number":1_0}`, `{"Number":0x1}`, `{"Number":-0}`,
	`{"Number":9223372036854775808}`, `{"Small":128}`, `{"Small":-129}`, `{"Yes":truefalse}`, `{"Yes":nullnull}`, `{"Yes":1}`, `{"Yes":tru}`,
	`{"At":"2026-01-02"}`, `{"At":2026}`, `{"At":"2026-01-02T03:04:05+01:00"}`, `{"At":"2026-01-02T03:04:05,5Z"}`, `{"ID":"1"}`, `{"ID":1}`, `{"ID":"+20260102030405001"}`,
	`{"Words":{}}`, `{"Words":[}`, `{"Words":[]}`, `{"Words":[,]}`, `{"Words":["a",]}`, `{"Words":["a" "b"]}`, `{"Parts":[null,{"Word":"a"}]}`, `{"Parts":[[]]}`,
	`{"Deep":1}`, `{"Deep":"a"}`, `{"Pair":[{"Word":"a"}]}`, `{"Pair":[{},{},{}]}`, `{"Raw":}`, `{"Raw":nul}`, `{"Raw":null}`, `{"Raw":[1,]}`, `{"Bytes":"AP8="}`, `{"Bytes":"A"}`,
	`{"Float":"1"}`, `{"Count":-1}`, `{"Exact":"1"}`, `{"Exact":1}`, `{"Other":tru}`, `{"Other":[1,{"a":"]"}],"Text":"a"}`, `{"Other":"a` + "\x01" + `"}`, `{"Left":"a"}`, `{"hidden":"a"}`, `{"Inner":"a"}`, `{"inner":{"Inner":"a"}}`,
	`{"Te` + "\u017f" + `t":"a"}`, `{"` + "\u212a" + `":1}`, `{"ID":"` + "\u0662" + `"}`,
}

func TestPlanReadsAsJSONDoes(t *testing.T) {
	for _, doc := range strange {
		agrees[shapes](t, doc)
	}
	doc := written(t, full())
	for n := range len(doc) {
		agrees[shapes](t, doc[:n])
		agrees[shapes](t, doc[:n]+doc[n+1:])
	}
}

func FuzzPlan(f *testing.F) {
	for _, doc := range strange {
		f.Add(doc)
	}
	doc, err := json.Marshal(full())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(doc))
	f.Fuzz(func(t *testing.T, doc string) { agrees[shapes](t, doc) })
}

// person is about what a user's record is.
type person struct {
	Base
	Account  ID
	Modified time.Time `json:",omitzero"`
	Brand    string
	Username string
	Hash     string
	Pending  struct {
		Token string
		Until time.Time
	} `json:",omitzero"`
	Released time.Time `json:",omitzero"`
	Before   []shape   `json:",omitempty"`
	names
}

type names struct {
	First, Middle, Last, Salutation, Company, Street, Number, Floor, Side, City, Zip, State, Country string
	Phone, Mobile, Fax, Mail, Language, Birthday, Gender, Title, Remark, Personal                    string
}

// BenchmarkDecode reads a document by its plan and by encoding/json.
func BenchmarkDecode(b *testing.B) {
	x := person{Account: 202601020304050001, Modified: time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC), Brand: "DEMO", Username: "aase",
		names: names{First: "Åse", Last: "Øre", Street: "Vestergade", Number: "12", City: "Odense", Zip: "5000", Country: "DK", Mail: "aase@example.com", Language: "DK"}}
	doc, err := json.Marshal(x)
	if err != nil {
		b.Fatal(err)
	}
	plan := planOf(reflect.TypeFor[person](), nil)
	for name, read := range map[string]func(*person) error{
		"plan": func(x *person) error { return decode(plan, doc, x) },
		"json": func(x *person) error { return json.Unmarshal(doc, x) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				if err := read(new(person)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
