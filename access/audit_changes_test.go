package access_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/store"
)

// person is what these tests change.
type person struct {
	store.Base
	Account store.ID
	Name    string `key:"NAME"`
	Town    string
	Secret  string
}

type erasure struct {
	store.Base
	Objects []store.ID
}

var (
	people   = store.Define("audit_test_person", nil, func(p *person) *store.Base { return &p.Base }).Audited("Secret")
	erasures = store.Define("audit_test_erasure", nil, func(e *erasure) *store.Base { return &e.Base })
)

const account store.ID = 202603041100000001

// recorded runs fn in an update, with a row of what it changed, and gives that row.
func recorded(t *testing.T, st store.Store, fn func(store.Tx) error) *access.AuditRow {
	t.Helper()
	update(t, st, func(tx store.Tx) error {
		changes := access.NewChanges(tx, "audit_test_erasure")
		if err := fn(changes); err != nil {
			return err
		}
		return changes.Record(access.AuditRow{Who: "shop", Outcome: access.OutcomeOK}, nil)
	})
	rows := rowsOf(t, st, "shop")
	return &rows[len(rows)-1]
}

// changesOf are what a row tells, a line for each value.
func changesOf(t *testing.T, st store.Store, row *access.AuditRow) (lines []string) {
	t.Helper()
	view(t, st, func(tx store.Tx) error {
		changes, err := access.ChangesOf(tx, row)
		for _, c := range changes {
			line := fmt.Sprintf("%s %s", c.What, c.Kind)
			if c.Ended {
				line += " ended"
			}
			lines = append(lines, line)
			for _, v := range c.Values {
				lines = append(lines, fmt.Sprintf("%s %s -> %s", v.Key, v.Old, v.New))
			}
		}
		return err
	})
	return lines
}

func addPerson(t *testing.T, st store.Store) *person {
	t.Helper()
	p := &person{Account: account, Name: "Ann", Town: "Oslo", Secret: "x"}
	row := recorded(t, st, func(tx store.Tx) error { return people.Insert(tx, p) })
	if diff := cmp.Diff([]string{"created audit_test_person"}, changesOf(t, st, row)); diff != "" {
		t.Error(diff)
	}
	if row.Account != account {
		t.Errorf("the row is of account %s", row.Account)
	}
	return p
}

// put changes a person, in as many steps as there are changes.
func put(id store.ID, changes ...func(*person)) func(store.Tx) error {
	return func(tx store.Tx) error {
		for _, change := range changes {
			p, err := people.Get(tx, id)
			if err != nil {
				return err
			}
			change(p)
			if err := people.Put(tx, p); err != nil {
				return err
			}
		}
		return nil
	}
}

func named(name string) func(*person) { return func(p *person) { p.Name = name } }

func TestChanges(t *testing.T) {
	const updated = "updated audit_test_person"
	undone := errors.New("undone")
	tests := []struct {
		name string
		do   func(id store.ID) func(store.Tx) error
		want []string
	}{
		{"one value", func(id store.ID) func(store.Tx) error { return put(id, named("Ane")) }, []string{updated, `NAME "Ann" -> "Ane"`}},
		{"twice is once", func(id store.ID) func(store.Tx) error { return put(id, named("Ane"), named("Eva")) }, []string{updated, `NAME "Ann" -> "Eva"`}},
		{"and back", func(id store.ID) func(store.Tx) error { return put(id, named("Ane"), named("Ann")) }, nil},
		{"emptied", func(id store.ID) func(store.Tx) error { return put(id, func(p *person) { p.Town = "" }) }, []string{updated, `TOWN "Oslo" -> `}},
		{"a secret", func(id store.ID) func(store.Tx) error { return put(id, func(p *person) { p.Secret = "y" }) }, []string{updated, `SECRET "***" -> "***"`}},
		{"undone", func(id store.ID) func(store.Tx) error {
			return func(tx store.Tx) error {
				if err := put(id, func(p *person) { p.Town = "Bergen" })(tx); err != nil {
					return err
				}
				if err := tx.Savepoint(func() error { return errors.Join(put(id, named("Ane"))(tx), undone) }); !errors.Is(err, undone) {
					return fmt.Errorf("not undone: %w", err)
				}
				return nil
			}
		}, []string{updated, `TOWN "Oslo" -> "Bergen"`}},
		{"made and deleted", func(store.ID) func(store.Tx) error {
			return func(tx store.Tx) error {
				p := &person{Account: account}
				return errors.Join(people.Insert(tx, p), people.Delete(tx, p))
			}
		}, nil},
		{"deleted", func(id store.ID) func(store.Tx) error {
			return func(tx store.Tx) error {
				p, err := people.Get(tx, id)
				return errors.Join(err, people.Delete(tx, p))
			}
		}, []string{"deleted audit_test_person ended", "ACCOUNT  -> ", "NAME  -> ", "TOWN  -> ", "SECRET  -> "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			st := openStore(t)
			p := addPerson(t, st)
			row := recorded(t, st, tt.do(p.ID))
			if diff := cmp.Diff(tt.want, changesOf(t, st, row)); diff != "" {
				t.Error(diff)
			}
			if len(tt.want) > 0 && row.Account != account {
				t.Errorf("the row is of account %s", row.Account)
			}
		})
	}
}

// Many things are told as few are.
func TestChangesOfMany(t *testing.T) {
	st := openStore(t)
	var made []*person
	recorded(t, st, func(tx store.Tx) error {
		made = nil
		for range 50 {
			p := &person{Account: account, Name: "Ann"}
			made = append(made, p)
			if err := people.Insert(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
	row := recorded(t, st, func(tx store.Tx) error {
		for range 2 {
			for i, p := range made {
				if err := put(p.ID, named(fmt.Sprint(i)))(tx); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if got := changesOf(t, st, row); len(got) != 100 || got[99] != `NAME "Ann" -> "49"` {
		t.Errorf("%d lines: %q", len(got), got)
	}
}

// The values of who is erased go from all rows, their keys and other people's stay.
func TestChangesOfErased(t *testing.T) {
	st := openStore(t)
	erased, other := addPerson(t, st), addPerson(t, st)
	before := recorded(t, st, func(tx store.Tx) error {
		return errors.Join(put(erased.ID, named("Ane"))(tx), put(other.ID, named("Eva"))(tx))
	})
	alone := recorded(t, st, put(erased.ID, func(p *person) { p.Town = "Bergen" }))
	row := recorded(t, st, func(tx store.Tx) error {
		if err := erasures.Insert(tx, &erasure{Objects: []store.ID{erased.ID}}); err != nil {
			return err
		}
		return put(erased.ID, func(p *person) { *p = person{Base: p.Base, Account: p.Account} })(tx)
	})
	const updated, ended = "updated audit_test_person", "updated audit_test_person ended"
	for _, tt := range []struct {
		row  *access.AuditRow
		want []string
	}{
		{before, []string{ended, "NAME  -> ", updated, `NAME "Ann" -> "Eva"`}},
		{alone, []string{ended, "TOWN  -> "}},
		{row, []string{ended, "NAME  -> ", "TOWN  -> ", "SECRET  -> "}},
	} {
		if diff := cmp.Diff(tt.want, changesOf(t, st, tt.row)); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff([]store.ID{erased.ID}, row.Erased); diff != "" {
		t.Error(diff)
	}
	view(t, st, func(tx store.Tx) error {
		all, err := tx.Scan("audit_detail", 0, 100)
		if len(all) != 1 {
			t.Errorf("%d details are left", len(all))
		}
		return err
	})
}

// What was undone erases nobody.
func TestChangesOfNobodyErased(t *testing.T) {
	st := openStore(t)
	p := addPerson(t, st)
	undone := errors.New("undone")
	row := recorded(t, st, func(tx store.Tx) error {
		_ = tx.Savepoint(func() error {
			return errors.Join(erasures.Insert(tx, &erasure{Objects: []store.ID{p.ID}}), undone)
		})
		return put(p.ID, named("Ane"))(tx)
	})
	if diff := cmp.Diff([]string{"updated audit_test_person", `NAME "Ann" -> "Ane"`}, changesOf(t, st, row)); diff != "" || row.Erased != nil {
		t.Error(diff, row.Erased)
	}
}

func TestChangesOfOperators(t *testing.T) {
	st := openStore(t)
	update(t, st, func(tx store.Tx) error {
		_, err := access.Add(tx, local, access.NewOperator{Name: "shop", Brands: []string{"DEMO"}})
		return err
	})
	update(t, st, func(tx store.Tx) error { return access.Grant(tx, local, "shop", "SOAP_GET_*") })
	rows := rowsOf(t, st, access.Local)
	for i, want := range [][]string{{"created operator"}, {"updated operator", `RIGHTS  -> ["SOAP_GET_*"]`}} {
		if diff := cmp.Diff(want, changesOf(t, st, &rows[i])); diff != "" {
			t.Error(diff)
		}
	}
}
