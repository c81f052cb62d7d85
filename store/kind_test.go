package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/failure"
	"rator/store"
)

type pet struct {
	store.Base
	Name  string
	Owner string
}

var (
	unknownPet = failure.Declare(9101, "STORE_UNKNOWN_PET", failure.NotFound, failure.Text{"EN": "unknown pet"})
	nameTaken  = failure.Declare(9102, "STORE_PET_NAME_TAKEN", failure.Conflict, failure.Text{"EN": "name is taken"})

	petBase  = func(p *pet) *store.Base { return &p.Base }
	petName  = store.Index[pet]{Name: "name", Value: func(p *pet) string { return p.Name }, Taken: nameTaken, Told: func(p *pet) string { return "NAME " + p.Name }}
	petOwner = store.Index[pet]{Name: "owner", Value: func(p *pet) string { return p.Owner }}

	pets = store.Define("store_pet", unknownPet, petBase, petName, petOwner)
)

// answering is a Tx whose every answer is that error, or that record.
type answering struct {
	store.Tx
	err    error
	record store.Record
	got    store.Record
}

func (a *answering) NextID() (store.ID, error) { return 41, nil }

func (a *answering) Insert(_ string, r store.Record) error { a.got = r; return a.err }
func (a *answering) Put(_ string, r store.Record) error    { a.got = r; return a.err }

func (a *answering) Delete(string, store.ID, int64) error { return a.err }

func (a *answering) Get(string, store.ID) (store.Record, error) { return a.record, a.err }

func (a *answering) Find(string, string, string, store.ID, int) ([]store.Record, error) {
	return []store.Record{a.record}, a.err
}

func (a *answering) Range(string, string, string, []byte, int) ([]store.Record, []byte, error) {
	return []store.Record{a.record}, nil, a.err
}

func TestKindTellsItsCodes(t *testing.T) {
	strange := errors.New("strange")
	tests := []struct {
		name   string
		answer error
		code   *failure.Code
		detail string // a part of it
		err    error  // what is told when there is no code
	}{
		{"absent", store.ErrAbsent, unknownPet, "000000000000000041", nil},
		{"stale", store.ErrStale, failure.ByName("CHANGED_MEANWHILE"), "store_pet 000000000000000041", nil},
		{"taken", &store.TakenError{Index: "name", Value: "rex"}, nameTaken, "NAME Rex", nil},
		{"no key", &store.KeyError{Kind: "store_pet", Index: "name", Reason: "too long"}, failure.InvalidRequest, "name of a store_pet: too long", nil},
		{"anything else", strange, nil, "", strange},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := pets.Put(&answering{err: test.answer}, &pet{Base: store.Base{ID: 41, Version: 1}, Name: "Rex"})
			var coded *failure.Error
			switch {
			case test.code == nil:
				if !errors.Is(err, test.err) {
					t.Errorf("error is %v, want %v", err, test.err)
				}
			case !errors.As(err, &coded) || coded.Code != test.code || !strings.Contains(coded.Detail, test.detail):
				t.Errorf("error is %v, want %s with %q", err, test.code.Name, test.detail)
			}
		})
	}
}

func TestKindSaysWhatItLookedFor(t *testing.T) {
	_, err := pets.By(&answering{err: store.ErrAbsent}, "owner", store.Compose("ann", "dog"))
	var coded *failure.Error
	if !errors.As(err, &coded) || coded.Detail != "ann/dog" {
		t.Errorf("error is %v", err)
	}
}

func TestKindGivesDriversKeys(t *testing.T) {
	tx := &answering{}
	if err := pets.Insert(tx, &pet{Name: "rex", Owner: "ann"}); err != nil {
		t.Fatal(err)
	}
	want := store.Record{ID: 41, Version: 1, Doc: []byte(`{"Name":"rex","Owner":"ann"}`), Keys: []store.Key{
		{Index: "name", Value: "rex", Unique: true}, {Index: "owner", Value: "ann"}}}
	if diff := cmp.Diff(want, tx.got); diff != "" {
		t.Error(diff)
	}
	for _, info := range store.Infos() {
		if info.Name != "store_pet" {
			continue
		}
		keys, err := info.Keys(tx.got.Doc)
		if diff := cmp.Diff(want.Keys, keys); diff != "" || err != nil {
			t.Error(diff, err)
		}
		if _, err := info.Keys([]byte("rubbish")); err == nil {
			t.Error("rubbish has keys")
		}
		return
	}
	t.Error("drivers do not learn of the kind")
}

func TestKindNamesARecordItCannotRead(t *testing.T) {
	tx := &answering{record: store.Record{ID: 41, Doc: []byte(`rubbish`)}}
	_, get := pets.Get(tx, 41)
	_, by := pets.By(tx, "name", "rex")
	_, _, page := pets.Page(tx, "name", "", nil, 9)
	var all error
	for _, err := range pets.All(tx, "owner", "ann") {
		all = err
	}
	for n, err := range []error{get, by, page, all} {
		var bad *store.BadRecordError
		if !errors.As(err, &bad) || bad.Kind != "store_pet" || bad.ID != 41 {
			t.Errorf("question %d: error is %v", n, err)
		}
	}
}

func TestMistakesOfTheProgramPanic(t *testing.T) {
	tests := []struct {
		name string
		fn   func()
	}{
		{"kind twice", func() { store.Define("store_pet", nil, petBase) }},
		{"index twice", func() { store.Define("store_other_pet", nil, petBase, petOwner, petOwner) }},
		{"wrong index", func() { _, _ = pets.By(&answering{}, "colour", "red") }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			test.fn()
		})
	}
}

func TestKeyCheck(t *testing.T) {
	tests := []struct{ name, value, want string }{
		{"empty", "", ""},
		{"any text", "Åse\x1f\x01 \U0001F600", ""},
		{"longest", strings.Repeat("x", store.MaxKeyLength), ""},
		{"too long", strings.Repeat("x", store.MaxKeyLength+1), "store: pet: index name: 16385 bytes are too long, at most 16384 are allowed"},
		{"NUL", "a\x00b", "store: pet: index name: a NUL character is not allowed"},
		{"no UTF-8", "\xff", "store: pet: index name: it is not UTF-8"},
	}
	for _, test := range tests {
		got := ""
		if err := (store.Key{Index: "name", Value: test.value}).Check("pet"); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestPanicSaysWhatAndWhere(t *testing.T) {
	cause := errors.New("mine")
	p := &store.Panic{Value: cause, Stack: []byte("stack")}
	if p.Error() != "mine\n\nstack" || !errors.Is(p, cause) || errors.Unwrap(&store.Panic{Value: "text"}) != nil {
		t.Errorf("it says %q", p.Error())
	}
}
