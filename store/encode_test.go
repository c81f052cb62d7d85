package store

import (
	"encoding/json"
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
)

// optional has what may be left out.
type optional struct {
	Text   string            `json:",omitempty"`
	Yes    bool              `json:",omitempty"`
	Number int64             `json:",omitempty"`
	Words  []word            `json:",omitempty,omitzero"`
	List   []word            `json:",omitzero"`
	Part   shape             `json:",omitempty"`
	Whole  shape             `json:",omitzero"`
	At     time.Time         `json:",omitempty"`
	When   time.Time         `json:",omitzero"`
	From   netip.Addr        `json:",omitzero"`
	Pair   [2]int            `json:",omitempty"`
	Places map[string]string `json:",omitempty"`
	Own    ownZero           `json:",omitzero"`
	Other  *ownZero          `json:",omitempty"`
	Named  ID                `json:"named,omitzero"`
	Raw    json.RawMessage   `json:",omitempty"`
}

// ownZero says itself when it is zero.
type ownZero struct{ N int }

func (o *ownZero) IsZero() bool { return o.N == 7 }

type (
	spoken  struct{ text string }
	loud    struct{ text string }
	holding struct {
		Spoken  spoken
		Pointer *spoken
		Words   []loud
		Loud    *loud
	}
	pointedZero struct {
		At *time.Time `json:",omitzero"`
	}
	failing struct{ Text unwritable }
)

func (s *spoken) MarshalText() ([]byte, error) { return []byte("<" + s.text + ">"), nil }
func (l loud) MarshalJSON() ([]byte, error)    { return []byte(` "` + l.text + `&" `), nil }

type unwritable struct{}

var errUnwritable = errors.New("unwritable")

func (unwritable) MarshalText() ([]byte, error) { return nil, errUnwritable }

// writesAs says that a plan writes x as encoding/json does.
func writesAs[T any](t *testing.T, x T) {
	t.Helper()
	want, wrong := json.Marshal(&x)
	got, err := encode(writerOf(reflect.TypeFor[T](), nil), &x)
	if (err == nil) != (wrong == nil) || string(got) != string(want) {
		t.Fatalf("got  %s, %v\nwant %s, %v", got, err, want, wrong)
	}
}

func TestPlanWritesAsJSONDoes(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.FixedZone("", 3600))
	seven := &ownZero{7}
	for _, x := range []shapes{{}, full(), {Words: []word{}, Grid: [][]string{}}, {ID: 1, Pair: [2]shape{{Of: -5}}}, {At: at, Moment: &time.Time{}}} {
		writesAs(t, x)
	}
	for _, x := range []optional{{}, {Words: []word{}, List: []word{}, Places: map[string]string{}, Raw: json.RawMessage{}}, {Own: *seven, Other: seven},
		{Text: "a", Yes: true, Number: 1, Words: []word{"a"}, Part: shape{"a", 1}, Whole: shape{"a", 0}, At: at, When: at, From: netip.MustParseAddr("10.0.0.1"), Named: 1, Raw: json.RawMessage(` {"a" : "<" } `)}} {
		writesAs(t, x)
		writesAs(t, []optional{x, x})
		writesAs(t, &x)
	}
	writesAs(t, holding{})
	writesAs(t, holding{spoken{"a"}, &spoken{"b\n"}, []loud{{"c"}, {}}, &loud{"<"}})
	writesAs(t, itself{"a", []itself{{Name: "b"}}})
	writesAs(t, clashing{twice{"a", "b"}, "c"})
	writesAs(t, quoted{12})
	writesAs(t, stamped{at})
	writesAs(t, pointedZero{&time.Time{}})
	writesAs(t, person{Account: 202601020304050001, Brand: "DEMO"})
}

func TestPlanWritesTextsAsJSONDoes(t *testing.T) {
	for _, text := range []string{"", "a", "Åse", "<&>", `"\/`, "\b\f\n\r\t\x00\x1f\x7f", "\u2028", "\u2029", "\u202a", "\xff", "a\xed\xa0\x80b", "\U0001F600", "\ufffd", strings.Repeat("long ", 1000)} {
		writesAs(t, text)
		writesAs(t, shape{Word: text})
	}
}

// What a document cannot be made of is told as encoding/json tells it.
func TestPlanTellsWhatCannotBeWritten(t *testing.T) {
	_, err := encode(writerOf(reflect.TypeFor[failing](), nil), &failing{})
	if !errors.Is(err, errUnwritable) {
		t.Errorf("got %v", err)
	}
	writesAs(t, shapes{At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)})
	writesAs(t, shapes{Any: func() {}})
	writesAs(t, shapes{Raw: json.RawMessage("{")})
}

// What was written stays as it is while other documents are.
func TestDocumentsAreApart(t *testing.T) {
	plan := writerOf(reflect.TypeFor[shape](), nil)
	first, err := encode(plan, &shape{Word: "first"})
	kept := string(first)
	for range 100 {
		if _, err := encode(plan, &shape{Word: "other"}); err != nil {
			t.Fatal(err)
		}
	}
	if err != nil || string(first) != kept {
		t.Errorf("%s is %s now: %v", kept, first, err)
	}
}

func FuzzPlanWrites(f *testing.F) {
	doc, err := json.Marshal(full())
	if err != nil {
		f.Fatal(err)
	}
	for _, other := range append(strange, string(doc), `{"Text":"","Words":[],"When":"2026-01-02T03:04:05Z","From":"::1"}`) {
		f.Add(other)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		var (
			all shapes
			few optional
		)
		_, _ = json.Unmarshal([]byte(doc), &all), json.Unmarshal([]byte(doc), &few) // as far as it goes
		all.Named, few.Text = word(doc), doc
		writesAs(t, all)
		writesAs(t, few)
		writesAs(t, doc)
	})
}

// BenchmarkEncode writes a document by its plan and by encoding/json.
func BenchmarkEncode(b *testing.B) {
	x := person{Account: 202601020304050001, Modified: time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC), Brand: "DEMO", Username: "aase",
		names: names{First: "Åse", Last: "Øre", Street: "Vestergade", Number: "12", City: "Odense", Zip: "5000", Country: "DK", Mail: "aase@example.com", Language: "DK"}}
	plan := writerOf(reflect.TypeFor[person](), nil)
	for name, write := range map[string]func() ([]byte, error){
		"plan": func() ([]byte, error) { return encode(plan, &x) },
		"json": func() ([]byte, error) { return json.Marshal(&x) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := write(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
