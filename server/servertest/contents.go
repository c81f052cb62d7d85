package servertest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"testing"

	"rator/store"
)

// whatCallsLeave are the kinds that every call writes, whatever it was answered:
// who asked, and what a request id was answered.
var whatCallsLeave = []string{"audit", "reply", "tmf_request"}

// largeStore is how many customers make a store too large to be read whole for
// each call: then its contents are the numbers of its records.
const largeStore = 500

// Contents is what a store holds but for whatCallsLeave: the records of each kind
// with their versions and keys in indexes, and how many events there were.
func (s *Server) Contents(t testing.TB) map[string]string {
	t.Helper()
	AllTold(t, s.Store)
	all := map[string]string{}
	err := s.Store.View(t.Context(), func(tx store.Tx) error {
		customers, err := tx.Count("account")
		if err != nil {
			return err
		}
		for _, kind := range store.Infos() {
			if slices.Contains(whatCallsLeave, kind.Name) {
				continue
			}
			n, err := tx.Count(kind.Name)
			if err != nil {
				return err
			}
			sum := sha256.New()
			sum.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
			if customers < largeStore {
				if err := addRecords(tx, kind, sum.Write); err != nil {
					return err
				}
			}
			all[kind.Name] = hex.EncodeToString(sum.Sum(nil))
		}
		for {
			events, err := tx.EventsAfter(s.seen, 1000)
			if err != nil || len(events) == 0 {
				all["events"] = hex.EncodeToString(binary.BigEndian.AppendUint64(nil, uint64(s.seen)))
				return err
			}
			s.seen = events[len(events)-1].Cursor
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func addRecords(tx store.Tx, kind store.Info, write func([]byte) (int, error)) error {
	for after := store.ID(0); ; {
		records, err := tx.Scan(kind.Name, after, 1000)
		if err != nil || len(records) == 0 {
			return err
		}
		for _, r := range records {
			after = r.ID
			keys, err := kind.Keys(r.Doc)
			if err != nil {
				return err
			}
			text := append(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(r.ID)), uint64(r.Version)), r.Doc...)
			for _, k := range keys {
				text = append(append(text, k.Index...), k.Value...)
			}
			_, _ = write(text) // of a hash, which takes everything
		}
	}
}

// SameContents fails when a store holds something else than before.
func (s *Server) SameContents(t testing.TB, before map[string]string, what string) {
	t.Helper()
	after := s.Contents(t)
	for _, kind := range slices.Sorted(maps.Keys(after)) {
		if after[kind] != before[kind] {
			t.Errorf("%s was refused and changed %s", what, kind)
		}
	}
}
