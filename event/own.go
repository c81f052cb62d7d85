package event

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"rator/store"
)

// Whoever finds whose the objects with some ids are; zero = nobody's.
type Whoever func(store.Tx, []store.ID) (Whose, error)

// Own gives the events of versions that did not keep it their brand, account and
// objects, by the ids in their bodies, and blanks the secrets that had no end there. It
// goes by small steps, each of which is kept: whenever it is called again, it goes on.
func Own(ctx context.Context, st store.Store, whose Whoever) (total int, err error) {
	for {
		done, n := false, 0
		err := st.View(ctx, func(tx store.Tx) error {
			s, err := streamOf(tx)
			done = err == nil && s.Older != nil && s.Owned >= *s.Older
			return err
		})
		if err != nil || done {
			return total, err
		}
		err = st.Update(ctx, func(tx store.Tx) error {
			n = 0
			s, err := streamOf(tx)
			if err != nil {
				return err
			}
			span, err := tx.EventSpan()
			if err != nil {
				return err
			}
			if s.Older == nil {
				s.Older = &span.Newest
			}
			events, err := tx.EventsAfter(s.Owned, step)
			if err != nil {
				return err
			}
			end := *s.Older
			if len(events) == step {
				end = events[step-1].Cursor
			}
			for _, e := range events {
				changed, err := own(tx, e, whose)
				if err != nil {
					return err
				}
				if changed {
					n++
				}
			}
			return changeStream(tx, func(now *stream) { now.Older, now.Owned = s.Older, end })
		})
		if err != nil {
			return total, err
		}
		total += n
	}
}

// own gives one event what a version before did not keep.
func own(tx store.Tx, e store.Event, whose Whoever) (changed bool, err error) {
	if e.Brand != "" || e.Account != 0 || len(e.About) > 0 {
		return false, nil
	}
	if t := ByName(e.Topic); t != nil && t.Secret() {
		blank, _, err := Blank(e)
		if err != nil {
			blank.Body = []byte("{}")
		}
		e, changed = blank, true
	}
	named := idsIn(e.Body)
	if len(named) == 0 && !changed {
		return false, nil
	}
	ids := slices.Sorted(maps.Values(named))
	of, err := whose(tx, ids)
	if err != nil {
		return false, err
	}
	if of.Account == 0 { // it is gone, with all that it had
		of.Account = named[accountKey]
	}
	subject := accountKey
	if t := ByName(e.Topic); t != nil {
		subject = t.Subject
	}
	e.Brand, e.Account = of.Brand, of.Account
	if id := named[subject]; id != 0 {
		e.About = []store.ID{id}
	}
	for _, id := range ids {
		if id != of.Account && !slices.Contains(e.About, id) {
			e.About = append(e.About, id)
		}
	}
	return true, tx.RewriteEvent(e)
}

// accountKey is the key under which bodies name a customer's account.
const accountKey = "ACCOUNT_ID"

// idsIn are the ids that a body names at its top, by key.
func idsIn(body []byte) map[string]store.ID {
	var values map[string]json.RawMessage
	ids := map[string]store.ID{}
	if json.Unmarshal(body, &values) != nil {
		return ids
	}
	for key, value := range values {
		var id store.ID
		if strings.HasSuffix(key, "_ID") && json.Unmarshal(value, &id) == nil && id != 0 {
			ids[key] = id
		}
	}
	return ids
}
