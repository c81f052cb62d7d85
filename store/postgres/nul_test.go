package postgres

import (
	"testing"

	"rator/store"
	"rator/store/storetest"
)

// TestOldNUL: of a store that was brought here.
func TestOldNUL(t *testing.T) {
	storetest.OldTexts(t, openTest(t, t.TempDir(), Options{}), func(s store.Tx) { s.(*tx).base.nul = true })
}
