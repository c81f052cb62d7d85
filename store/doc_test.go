package store_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"rator/store"
)

// TestDocReadsMembers: what one member says is what the whole thing has.
func TestDocReadsMembers(t *testing.T) {
	type thing struct {
		First, Empty, Last string
		Number             int
		Inner              struct{ First, Last string }
		List               []string
		Absent             string `json:",omitempty"`
	}
	var x thing
	x.First, x.Last, x.Number = "Åse \"æ\" <&> \\ \u2028 ", "last", 7
	x.Inner.First, x.Inner.Last, x.List = "not }this", "nor ]that", []string{`"Last":"no"`, "}", "]"}
	compact, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := json.MarshalIndent(x, " ", "\t")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range [][]byte{compact, wide} {
		doc, err := pets.Doc(&answering{record: store.Record{ID: 41, Version: 3, Doc: text}}, 41)
		if err != nil || doc.ID != 41 || doc.Version != 3 {
			t.Fatal(doc, err)
		}
		for name, want := range map[string]string{
			"First": x.First + " true", "Empty": " true", "Last": "last true", "Absent": " true", "absent": " true",
			"Number": " false", "Inner": " false", "List": " false",
		} {
			text, ok := doc.Text(name)
			if got := fmt.Sprint(text, " ", ok); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}

// TestDocDoesNotGuess: nothing is read from what is no document.
func TestDocDoesNotGuess(t *testing.T) {
	for _, text := range []string{``, `[]`, `{`, `{"A":"x"`, `{"A"`, `{"A":`, `{"A":{`, `{"A":"x" "B":"y"}`, `{"A":"x`, `{A:1}`, `{"A":"\`} {
		doc, err := pets.Doc(&answering{record: store.Record{Doc: []byte(text)}}, 1)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := doc.Text("B"); ok || got != "" {
			t.Errorf("%q: B is %q", text, got)
		}
	}
}

func TestDocReadsIDs(t *testing.T) {
	for text, want := range map[string]string{
		`{"Owner":"202402282359590001"}`: "202402282359590001 true", `{"Owner":""}`: " true", `{}`: " true",
		`{"Owner":"12"}`: " false", `{"Owner":12}`: " false",
	} {
		doc, err := pets.Doc(&answering{record: store.Record{Doc: []byte(text)}}, 1)
		if err != nil {
			t.Fatal(err)
		}
		id, ok := doc.IDOf("Owner")
		if got := fmt.Sprint(id, " ", ok); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
