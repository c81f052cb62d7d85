// Package driver holds what the drivers of the store have in common, whatever they keep
// things in. It opens nothing and keeps nothing.
package driver

import (
	"slices"

	"rator/store"
)

// Told is what the events of a transaction are about, and what is to be emitted in its end
// (store.Tx.Finally). The zero Told is ready.
type Told struct {
	about []store.ID // objects that events were written about; negative: accounts whose they were
	late  []late     // what is to be emitted in the end
}

// late is what Finally was asked for.
type late struct {
	object, account store.ID
	emit            func(store.Tx) error
}

// Event notes an event that is written.
func (t *Told) Event(e store.Event) {
	if len(e.About) > 0 {
		t.about = append(append(t.about, -e.Account), e.About...)
	}
}

// Finally notes what is to be emitted in the end: once for an object.
func (t *Told) Finally(object, account store.ID, emit func(store.Tx) error) {
	if object == 0 || !slices.ContainsFunc(t.late, func(l late) bool { return l.object == object }) {
		t.late = append(t.late, late{object, account, emit})
	}
}

// Mark is how much was noted until now.
func (t *Told) Mark() Mark { return Mark{len(t.about), len(t.late)} }

// Mark is a place to go back to.
type Mark struct{ about, late int }

// Undo forgets what was noted since a mark.
func (t *Told) Undo(m Mark) { t.about, t.late = t.about[:m.about], t.late[:m.late] }

// tells reports whether an event was written that makes another needless.
func (t *Told) tells(l late) bool {
	return l.object != 0 && slices.ContainsFunc(t.about, func(id store.ID) bool {
		return id == l.object || id == l.account || l.object == l.account && id == -l.account
	})
}

// Finish emits what is to be emitted in the end, the widest last, because whatever is
// told of an account's speaks for it as well.
func (t *Told) Finish(tx store.Tx) error {
	for _, turn := range []func(late) bool{
		func(l late) bool { return l.object == 0 },
		func(l late) bool { return l.object != 0 && l.object != l.account },
		func(l late) bool { return l.object != 0 && l.object == l.account },
	} {
		for i := 0; i < len(t.late); i++ { // emit may ask for more
			l := t.late[i]
			if !turn(l) || t.tells(l) {
				continue
			}
			if err := l.emit(tx); err != nil {
				return err
			}
		}
	}
	return nil
}
