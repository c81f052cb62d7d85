package unit

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/store/bolt"
)

func openStore(t *testing.T, now func() time.Time) store.Store {
	t.Helper()
	st, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func update(t *testing.T, st store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := st.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// all are the answers that are kept, by what they are kept under.
func all(t *testing.T, st store.Store) map[string]reply {
	t.Helper()
	found := map[string]reply{}
	err := st.View(t.Context(), func(tx store.Tx) error {
		for r, err := range replies.Scan(tx) {
			if err != nil {
				return err
			}
			found[r.Request] = *r
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestOldAnswersMove with their ids, each to the face that kept it, and nothing stays.
func TestOldAnswersMove(t *testing.T) {
	st := openStore(t, nil)
	key := func(operator, id string) string { return store.Compose(operator, "DEMO", id) }
	olds := []*soapReply{
		{Request: key("root", "r-1"), Fingerprint: "2:ab", Accounts: []store.ID{7}, Code: 3, Message: "a <b> & \"c\"", Status: 1, Values: json.RawMessage(`[{"Key":"A","Type":1,"Text":"x"}]`)},
		{Request: key("(system)", "r-1"), Fingerprint: "ab", Values: json.RawMessage(`null`)},
		{Request: key("root", "gone"), Erased: true},
		{Request: key("root", "here"), Fingerprint: "old", Values: json.RawMessage(`[]`)},
	}
	update(t, st, func(tx store.Tx) error {
		for _, r := range olds {
			if err := soapReplies.Insert(tx, r); err != nil {
				return err
			}
		}
		// That answer was given anew by this version, and then by the one before, too.
		return replies.Insert(tx, &reply{Request: store.Compose("soap", key("root", "here")), Fingerprint: "new", Body: "new"})
	})
	for range 2 { // the second finds nothing to do
		if err := MigrateKept(t.Context(), st, nil); err != nil {
			t.Fatal(err)
		}
	}
	found := all(t, st)
	for request, want := range map[string]reply{
		store.Compose("soap", key("root", "r-1")): {Base: store.Base{ID: olds[0].ID}, Fingerprint: "2:ab", Accounts: []store.ID{7},
			Body: `{"Code":3,"Message":"a <b> & \"c\"","Status":1,"Values":[{"Key":"A","Type":1,"Text":"x"}]}`},
		store.Compose("scheduler", key("(system)", "r-1")): {Base: store.Base{ID: olds[1].ID}, Fingerprint: "ab", Body: `{"Code":0,"Message":"","Status":0,"Values":null}`},
		store.Compose("soap", key("root", "gone")):         {Base: store.Base{ID: olds[2].ID}, Erased: true},
		store.Compose("soap", key("root", "here")):         {Base: found[store.Compose("soap", key("root", "here"))].Base, Fingerprint: "new", Body: "new"},
	} {
		want.Request, want.Version = request, 1
		if diff := cmp.Diff(want, found[request]); diff != "" {
			t.Errorf("%q: %s", request, diff)
		}
	}
	if len(found) != len(olds) {
		t.Errorf("%d answers", len(found))
	}
	err := st.View(t.Context(), func(tx store.Tx) error {
		n, err := soapReplies.Count(tx)
		if n != 0 {
			t.Errorf("%d stay", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestMovingIsBrokenOff and done again: none is lost, none is there twice, and they are
// as old as they were.
func TestMovingIsBrokenOff(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	st := openStore(t, func() time.Time { return now })
	const many = 1200 // of more than two steps
	update(t, st, func(tx store.Tx) error {
		for i := range many {
			if err := soapReplies.Insert(tx, &soapReply{Request: fmt.Sprint("root\x1fDEMO\x1f", i), Fingerprint: "f", Values: json.RawMessage(`[]`)}); err != nil {
				return err
			}
		}
		return nil
	})
	now = now.Add(KeptFor)
	ctx, cancel := context.WithCancel(t.Context())
	var told []int
	if err := MigrateKept(ctx, st, func(total int) {
		told = append(told, total)
		cancel()
	}); err == nil {
		t.Error("it was not broken off")
	}
	if err := MigrateKept(t.Context(), st, func(total int) { told = append(told, total) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{500, 500, 700}, told); diff != "" {
		t.Error(diff)
	}
	if n := len(all(t, st)); n != many {
		t.Errorf("%d answers", n)
	}
	if n, err := SweepKept(t.Context(), st); n != 0 || err != nil {
		t.Errorf("swept %d in their time, %v", n, err)
	}
	now = now.Add(time.Second)
	if n, err := SweepKept(t.Context(), st); n != many || err != nil {
		t.Errorf("swept %d after it, %v", n, err)
	}
}

// TestErasedAnswers: what says something of who is erased is emptied, however it is
// spelled, and that it was answered stays known.
func TestErasedAnswers(t *testing.T) {
	st := openStore(t, nil)
	account := &customer.Account{Base: store.Base{ID: 11}}
	user := &customer.User{}
	user.ID, user.FirstName, user.LastName, user.Company = 12, "Åse", "Øre", `Foo & "Bar" <ApS>`
	body := func(text string) string {
		said, err := Body(map[string]string{"Message": text})
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	old, _ := json.Marshal(map[string]string{"Message": user.Company})
	for name, c := range map[string]struct {
		reply reply
		goes  bool
	}{
		"the customer's":                 {reply{Accounts: []store.ID{11}, Body: body("x")}, true},
		"the customer's, among others":   {reply{Accounts: []store.ID{10, 11}, Body: body("x")}, true},
		"another's":                      {reply{Accounts: []store.ID{10}, Body: body("åse øre")}, false},
		"nobody's that names the person": {reply{Body: body("sent to ÅSE ØRE")}, true},
		"by a name with marks":           {reply{Body: body(user.Company)}, true},
		"as versions before spelled it":  {reply{Body: string(old)}, true},
		"nobody's":                       {reply{Body: body("x")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.reply
			r.Request, r.Fingerprint = name, "f"
			update(t, st, func(tx store.Tx) error { return replies.Insert(tx, &r) })
			update(t, st, func(tx store.Tx) error { return eraseKept(tx, account, user) })
			if got := all(t, st)[name]; got.Erased != c.goes || c.goes && (got.Body != "" || got.Fingerprint != "" || got.Accounts != nil) {
				t.Errorf("%+v", got)
			}
			if !c.goes {
				return
			}
			if err := st.View(t.Context(), func(tx store.Tx) error {
				_, err := keptFor(tx, name, nil)
				return err
			}); failure.CodeOf(err) != failure.AnswerErased {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestAnswersOfAThing become those of the customer to whom it comes to belong.
func TestAnswersOfAThing(t *testing.T) {
	st := openStore(t, nil)
	update(t, st, func(tx store.Tx) error {
		for i, thing := range []string{"a", "a", "b"} {
			if err := replies.Insert(tx, &reply{Request: fmt.Sprint(i), Thing: thing, Body: "x", Fingerprint: "f"}); err != nil {
				return err
			}
		}
		return KeptAreOf(tx, "a", 11)
	})
	for _, r := range all(t, st) {
		if want := map[string]int{"a": 1, "b": 0}[r.Thing]; len(r.Accounts) != want {
			t.Errorf("%+v", r)
		}
	}
}
