package access_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/store"
	"rator/store/bolt"
)

// chain is a store with five segments of three rows each, of which the second says what
// changed, and two rows that are not sealed.
type chain struct {
	store.Store
	now    time.Time
	rows   []store.ID // sealed ones and others
	person *person
	anchor access.Anchor // of the third segment
}

func newChain(t *testing.T) *chain {
	t.Helper()
	c := &chain{now: noon}
	st, err := bolt.Open(filepath.Join(t.TempDir(), "rator.db"), bolt.Options{Unsynced: true, Now: func() time.Time { return c.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	c.Store = st
	c.change(t, func(tx store.Tx) error {
		c.person = &person{Account: account, Name: "Ann"}
		return people.Insert(tx, c.person)
	})
	for n := range 5 {
		for i := range 3 {
			c.change(t, func(tx store.Tx) error {
				changes := access.NewChanges(tx, "audit_test_erasure")
				if i == 1 {
					if err := put(c.person.ID, named(fmt.Sprint("Ann ", n)))(changes); err != nil {
						return err
					}
				}
				return changes.Record(access.AuditRow{Who: "shop", RequestID: fmt.Sprintf("%d-%d", n+1, i)}, nil)
			})
		}
		if sealed := c.seal(t); sealed != 3 {
			t.Fatalf("%d rows were sealed", sealed)
		}
		if n == 2 {
			c.change(t, func(tx store.Tx) (err error) {
				c.anchor, err = access.NewestAnchor(tx)
				return err
			})
		}
		c.now = c.now.Add(time.Minute)
	}
	c.write(t, 2)
	c.change(t, func(tx store.Tx) error {
		all, err := tx.Scan("audit", 0, 100)
		for _, r := range all {
			c.rows = append(c.rows, r.ID)
		}
		return err
	})
	return c
}

func (c *chain) change(t *testing.T, fn func(store.Tx) error) {
	t.Helper()
	if err := c.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func (c *chain) write(t *testing.T, rows int) {
	t.Helper()
	for range rows {
		c.change(t, func(tx store.Tx) error { return access.Record(tx, access.AuditRow{Who: "shop"}) })
	}
}

func (c *chain) seal(t *testing.T) int {
	t.Helper()
	n, err := access.Seal(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// faults are what verification finds, with names in place of ids of rows.
func (c *chain) faults(t *testing.T, anchor access.Anchor) (faults []string, state *access.SealState) {
	t.Helper()
	err := c.View(t.Context(), func(tx store.Tx) (err error) {
		state, err = access.VerifyAudit(tx, anchor, func(fault error) {
			text := strings.ReplaceAll(fault.Error(), c.person.ID.String(), "PERSON")
			for i, id := range c.rows {
				text = strings.ReplaceAll(text, id.String(), fmt.Sprint("#", i))
			}
			faults = append(faults, text)
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return faults, state
}

// swap puts a document in the place of another, as somebody who writes to the file would.
func swap(tx store.Tx, kind string, id store.ID, doc []byte) error {
	return errors.Join(remove(tx, kind, id), insert(tx, kind, id, doc))
}

func remove(tx store.Tx, kind string, id store.ID) error {
	r, err := tx.Get(kind, id)
	if err != nil {
		return err
	}
	return tx.Delete(kind, id, r.Version)
}

func insert(tx store.Tx, kind string, id store.ID, doc []byte) error {
	i := slices.IndexFunc(store.Infos(), func(i store.Info) bool { return i.Name == kind })
	keys, err := store.Infos()[i].Keys(doc)
	if err != nil {
		return err
	}
	return tx.Insert(kind, store.Record{ID: id, Doc: doc, Keys: keys})
}

// rewrite changes a text in a document.
func rewrite(tx store.Tx, kind string, id store.ID, old, new string) error {
	r, err := tx.Get(kind, id)
	if err == nil && !strings.Contains(string(r.Doc), old) {
		err = fmt.Errorf("%s has no %s", r.Doc, old)
	}
	if err != nil {
		return err
	}
	return swap(tx, kind, id, []byte(strings.Replace(string(r.Doc), old, new, 1)))
}

func records(tx store.Tx, kind string) []store.Record {
	all, err := tx.Scan(kind, 0, 1000)
	if err != nil {
		panic(err)
	}
	return all
}

func cut(tx store.Tx, kind string, from, to int) error {
	var err error
	for _, r := range records(tx, kind)[from:to] {
		err = errors.Join(err, remove(tx, kind, r.ID))
	}
	return err
}

func TestSealedIsWhole(t *testing.T) {
	c := newChain(t)
	for range 2 {
		faults, state := c.faults(t, c.anchor)
		if len(faults) > 0 || state.Segments != 5 || state.Rows != 15 || state.Unsealed != 2 || !state.Anchored {
			t.Fatalf("%q, %+v", faults, state)
		}
		if want := c.now.Truncate(time.Second); !state.Since.Equal(want) {
			t.Errorf("unsealed since %s, want %s", state.Since, want)
		}
		_ = c.View(t.Context(), func(tx store.Tx) error {
			if a, err := access.NewestAnchor(tx); a != state.Newest || err != nil {
				t.Errorf("newest %s, anchor %s: %v", state.Newest, a, err)
			}
			return nil
		})
	}
	if n := c.seal(t); n != 2 {
		t.Errorf("%d rows sealed", n)
	}
	if faults, state := c.faults(t, c.anchor); len(faults) > 0 || state.Unsealed != 0 || state.Segments != 6 {
		t.Errorf("%q, %+v", faults, state)
	}
}

func TestTampering(t *testing.T) {
	tests := []struct {
		name   string
		anchor bool
		tamper func(c *chain, tx store.Tx) error
		want   []string
	}{
		{"row changed", false, func(c *chain, tx store.Tx) error {
			return rewrite(tx, "audit", c.rows[4], `"Who":"shop"`, `"Who":"boss"`)
		},
			[]string{"audit: row #4 of segment 2 was changed"}},
		{"row removed", false, func(c *chain, tx store.Tx) error { return remove(tx, "audit", c.rows[3]) },
			[]string{"audit: row #3 of segment 2 is gone"}},
		{"last row of a segment removed", false, func(c *chain, tx store.Tx) error { return remove(tx, "audit", c.rows[14]) },
			[]string{"audit: row #14 of segment 5 is gone"}},
		{"row added", false, func(c *chain, tx store.Tx) error {
			return insert(tx, "audit", c.rows[6]-1, []byte(`{"Who":"shop"}`))
		}, []string{"audit: row 202603041201999999 was added: segment 3 has none of that number"}},
		{"rows reordered", false, func(c *chain, tx store.Tx) error {
			a, _ := tx.Get("audit", c.rows[6])
			b, _ := tx.Get("audit", c.rows[8])
			return errors.Join(swap(tx, "audit", a.ID, b.Doc), swap(tx, "audit", b.ID, a.Doc))
		}, []string{"audit: row #6 of segment 3 was changed", "audit: row #8 of segment 3 was changed"}},
		{"segment cut", false, func(c *chain, tx store.Tx) error { return cut(tx, "audit_segment", 2, 3) },
			[]string{"audit: segment 3 is gone", "audit: 3 rows before row #9 are of segments that are gone, so that nobody can tell whether they are what they were"}},
		{"segment cut with its rows", false, func(c *chain, tx store.Tx) error {
			return errors.Join(cut(tx, "audit", 6, 9), cut(tx, "audit_segment", 2, 3), remove(tx, "audit_detail", c.rows[7]))
		}, []string{"audit: segment 3 is gone"}},
		{"segments cut", false, func(c *chain, tx store.Tx) error {
			return errors.Join(cut(tx, "audit", 3, 9), cut(tx, "audit_segment", 1, 3), cut(tx, "audit_detail", 1, 3))
		}, []string{"audit: segments 2 to 3 are gone"}},
		{"oldest segments cut", false, func(c *chain, tx store.Tx) error {
			return errors.Join(cut(tx, "audit", 0, 6), cut(tx, "audit_segment", 0, 2), cut(tx, "audit_detail", 0, 2))
		}, []string{"audit: segments 1 to 2 are gone"}},
		{"oldest segments cut, as if retention had", false, func(c *chain, tx store.Tx) error {
			second := records(tx, "audit_segment")[1]
			hash := textOf(second, "Hash")
			seal := records(tx, "audit_seal")[0]
			return errors.Join(cut(tx, "audit", 0, 6), cut(tx, "audit_segment", 0, 2), cut(tx, "audit_detail", 0, 2),
				rewrite(tx, "audit_seal", seal.ID, `"Ended":0,"EndedHash":""`, `"Ended":2,"EndedHash":"`+hash+`"`))
		}, []string{"audit: segments up to 2 are gone, and no row says that they ended"}},
		{"segment changed", false, func(c *chain, tx store.Tx) error {
			s := records(tx, "audit_segment")[1]
			return rewrite(tx, "audit_segment", s.ID, `"Sealed":"2026`, `"Sealed":"2025`)
		}, []string{"audit: segment 2 was changed"}},
		{"row changed and its segment made anew", false, func(c *chain, tx store.Tx) error { return c.forge(tx, 2) },
			[]string{"audit: segment 3 does not follow from segment 2: one of them was made anew"}},
		{"all made anew", false, func(c *chain, tx store.Tx) error { return c.forge(tx, 2, 3, 4, 5) }, nil},
		{"all made anew, with an anchor", true, func(c *chain, tx store.Tx) error { return c.forge(tx, 2, 3, 4, 5) },
			[]string{"audit: segment 3 is another one than the anchor says: it or what was sealed before it was made anew"}},
		{"segments reordered", false, func(c *chain, tx store.Tx) error {
			all := records(tx, "audit_segment")
			return errors.Join(swap(tx, "audit_segment", all[1].ID, all[2].Doc), swap(tx, "audit_segment", all[2].ID, all[1].Doc))
		}, []string{"audit: segment 2 is gone", "audit: 3 rows before row #6 are of segments that are gone, so that nobody can tell whether they are what they were",
			"audit: segment 2 stands behind segment 3", "audit: row #3 of segment 2 is gone", "audit: row #4 of segment 2 is gone", "audit: row #5 of segment 2 is gone",
			"audit: segment 3 is gone"}},
		{"tail cut", false, func(c *chain, tx store.Tx) error {
			return errors.Join(cut(tx, "audit", 9, 17), cut(tx, "audit_segment", 3, 5), cut(tx, "audit_detail", 3, 5))
		}, []string{"audit: the tail was cut: the newest segment is 3 and not 5, and the rows after it up to #14 were sealed"}},
		{"tail cut, its rows left", false, func(c *chain, tx store.Tx) error { return cut(tx, "audit_segment", 4, 5) },
			[]string{"audit: the tail was cut: the newest segment is 4 and not 5, and the rows after it up to #14 were sealed",
				"audit: row #12 is of a segment that is gone", "audit: row #13 is of a segment that is gone", "audit: row #14 is of a segment that is gone"}},
		{"tail cut and the seal made to fit", false, func(c *chain, tx store.Tx) error { return c.cutTail(tx) }, nil},
		{"tail cut and the seal made to fit, with an anchor", true, func(c *chain, tx store.Tx) error { return c.cutTail(tx) },
			[]string{"audit: the tail was cut: the anchor is of segment 3, and the newest is 2"}},
		{"everything cut, with an anchor", true, func(c *chain, tx store.Tx) error {
			return errors.Join(cut(tx, "audit", 0, 17), cut(tx, "audit_segment", 0, 5), cut(tx, "audit_detail", 0, 5), cut(tx, "audit_seal", 0, 1))
		}, []string{"audit: the tail was cut: the anchor is of segment 3, and the newest is 0"}},
		{"seal cut", false, func(c *chain, tx store.Tx) error { return cut(tx, "audit_seal", 0, 1) },
			[]string{"audit: the seal, which names the newest segment, is gone; there are segments up to 5"}},
		{"values removed", false, func(c *chain, tx store.Tx) error { return remove(tx, "audit_detail", c.rows[4]) },
			[]string{"audit: the values that row #4 has of PERSON are gone, and no row says that it was erased or deleted"}},
		{"values changed", false, func(c *chain, tx store.Tx) error { return rewrite(tx, "audit_detail", c.rows[4], `"Ann 1"`, `"Eva"`) },
			[]string{"audit: what row #4 says of audit_test_person PERSON has other values than it was written with"}},
		{"values of no row", false, func(c *chain, tx store.Tx) error {
			return insert(tx, "audit_detail", c.rows[0], []byte(`{"Changes":[{"o":"`+c.person.ID.String()+`"}]}`))
		}, []string{"audit: values are kept of row #0, which is not there or has none"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newChain(t)
			c.change(t, func(tx store.Tx) error { return tt.tamper(c, tx) })
			anchor := access.Anchor{}
			if tt.anchor {
				anchor = c.anchor
			}
			faults, _ := c.faults(t, anchor)
			if diff := cmp.Diff(tt.want, faults); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Rows of who was erased, and of what was deleted, lack values that nobody misses.
func TestSealedAndErased(t *testing.T) {
	c := newChain(t)
	c.change(t, func(tx store.Tx) error {
		changes := access.NewChanges(tx, "audit_test_erasure")
		if err := erasures.Insert(changes, &erasure{Objects: []store.ID{c.person.ID}}); err != nil {
			return err
		}
		return changes.Record(access.AuditRow{Who: "shop", Account: account}, nil)
	})
	if faults, _ := c.faults(t, c.anchor); len(faults) > 0 {
		t.Errorf("%q", faults)
	}
	c.change(t, func(tx store.Tx) error {
		if n := len(records(tx, "audit_detail")); n != 0 {
			t.Errorf("%d values are left", n)
		}
		return nil
	})
}

// What is sealed in one step, and what was written by a version that sealed nothing.
func TestSealMany(t *testing.T) {
	c := &chain{now: noon, person: &person{}}
	st, err := bolt.Open(filepath.Join(t.TempDir(), "rator.db"), bolt.Options{Unsynced: true, Now: func() time.Time { return c.now }})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	c.Store = st
	for range 9 {
		c.change(t, func(tx store.Tx) (err error) {
			for range 1000 {
				err = errors.Join(err, access.Record(tx, access.AuditRow{Who: "shop"}))
			}
			return err
		})
	}
	if n := c.seal(t); n != 9000 {
		t.Errorf("%d sealed", n)
	}
	if faults, state := c.faults(t, access.Anchor{}); len(faults) > 0 || state.Segments != 45 || state.Rows != 9000 {
		t.Errorf("%q, %+v", faults, state)
	}
}

// Two that seal at once seal each row once.
func TestSealTwice(t *testing.T) {
	c := newChain(t)
	done := make(chan error)
	for range 8 {
		go func() {
			_, err := access.Seal(context.Background(), c)
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if faults, state := c.faults(t, access.Anchor{}); len(faults) > 0 || state.Segments != 6 || state.Unsealed != 0 {
		t.Errorf("%q, %+v", faults, state)
	}
}

func TestParseAnchor(t *testing.T) {
	hash := strings.Repeat("0f", 32)
	for text, ok := range map[string]bool{"12:" + hash: true, "12": false, "": false, "0:" + hash: false, "x:" + hash: false, "12:" + hash[2:]: false, "12:" + hash[2:] + "xx": false} {
		a, err := access.ParseAnchor(text)
		if (err == nil) != ok || ok && a.String() != text {
			t.Errorf("%q: %v, %v", text, a, err)
		}
	}
}
