package servertest

import (
	"os"
	"strings"
	"testing"

	"rator/store"
)

// Kept is all that a store of Store holds: the bytes of its file, and in a database
// documents, keys and events.
func Kept(t testing.TB, st store.Store) string {
	t.Helper()
	if file, ok := storeFiles.Load(st); ok {
		b, err := os.ReadFile(file.(string))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	AllTold(t, st)
	var all strings.Builder
	err := st.View(t.Context(), func(tx store.Tx) error {
		all.Reset()
		for _, kind := range store.Infos() {
			records, err := tx.Scan(kind.Name, 0, 10_000)
			if err != nil {
				return err
			}
			for _, r := range records {
				all.Write(r.Doc)
				keys, err := kind.Keys(r.Doc)
				if err != nil {
					return err
				}
				for _, key := range keys {
					all.WriteString(key.Value + "\n")
				}
			}
		}
		events, err := tx.EventsAfter(0, 10_000)
		for _, e := range events {
			all.Write(e.Body)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
