package bolt

import (
	"path/filepath"
	"testing"

	"rator/store"
	"rator/store/storetest"
)

func TestOldNUL(t *testing.T) {
	t.Parallel()
	db, err := Open(filepath.Join(t.TempDir(), "rator.db"), Options{Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	storetest.OldTexts(t, db, func(s store.Tx) { s.(*tx).nul = true })
}
