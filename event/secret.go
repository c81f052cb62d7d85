package event

import (
	"context"
	"time"

	"rator/store"
)

// secret is an event whose secret still opens something. Once it opens nothing any more,
// it is blanked in the event, and this is gone.
type secret struct {
	store.Base
	Cursor  int64     // the event is there, or behind: a database gives it its cursor with the commit
	Account store.ID  // of the event
	About   store.ID  // the subject of the event
	At      time.Time // when it was emitted; zero = that was not kept
	Until   time.Time // when it ends by itself; zero = never
}

const secretAbout = "about"

var secrets = store.Define("event_secret", nil, func(s *secret) *store.Base { return &s.Base },
	store.Index[secret]{Name: secretAbout, Value: func(s *secret) string { return s.About.String() }})

// life is how long the secrets of a topic open something; 0 = until EndSecrets.
func (t *Topic) life() (life time.Duration) {
	for _, k := range t.Keys {
		if k.Secret {
			life = max(life, k.Life)
		}
	}
	return life
}

// noteSecret notes an event of a topic that holds a secret, which was emitted just now.
func noteSecret(tx store.Tx, t *Topic, e store.Event) error {
	span, err := tx.EventSpan()
	if err != nil {
		return err
	}
	s := &secret{Cursor: span.Newest, Account: e.Account, About: e.About[0], At: tx.Now()}
	if life := t.life(); life > 0 {
		s.Until = tx.Now().Add(life)
	}
	return secrets.Insert(tx, s)
}

// EndSecrets blanks the secrets in the events whose subject is an object, because they
// open nothing any more. Who has the events already has the secrets too.
func EndSecrets(tx store.Tx, subject store.ID) error {
	for s, err := range secrets.All(tx, secretAbout, subject.String()) {
		if err == nil {
			_, err = s.end(tx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unseen is how long an event may not be seen that was emitted: while transactions last that
// began before its own. After that it is one that was dropped.
const unseen = 24 * time.Hour

// again is when an event is looked for again that is not seen yet.
const again = time.Minute

// end blanks the secret. Of an event that is not seen yet it is left to who ends old ones.
func (s *secret) end(tx store.Tx) (ended bool, err error) {
	e, err := s.event(tx)
	if err != nil {
		return false, err
	}
	if e == nil && tx.Now().Sub(s.At) < unseen {
		s.Until = tx.Now().Add(again)
		return false, secrets.Put(tx, s)
	}
	if e != nil {
		if err := blank(tx, *e); err != nil {
			return false, err
		}
	}
	return true, secrets.Delete(tx, s)
}

// apart is how far the times of events are from their order, at most.
const apart = 10 * time.Minute

// event finds the event; nil = it is not seen.
func (s *secret) event(tx store.Tx) (*store.Event, error) {
	for cursor := s.Cursor - 1; ; {
		events, err := s.after(tx, cursor)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if s.is(e) {
				return &e, nil
			}
			if cursor = e.Cursor; e.At.After(s.At.Add(apart)) {
				return nil, nil
			}
		}
		if len(events) < step {
			return nil, nil
		}
	}
}

func (s *secret) after(tx store.Tx, cursor int64) ([]store.Event, error) {
	if s.Account != 0 {
		return tx.EventsOf(s.Account, cursor, step)
	}
	return tx.EventsAfter(cursor, step)
}

// is tells whether an event is the one, with its secret still in it.
func (s *secret) is(e store.Event) bool {
	if s.At.IsZero() {
		return e.Cursor == s.Cursor
	}
	if t := ByName(e.Topic); t == nil || !t.Secret() || len(e.About) == 0 || e.About[0] != s.About || e.At.UnixMicro() != s.At.UnixMicro() {
		return false
	}
	_, changed, err := Blank(e)
	return changed || err != nil
}

// blank empties the secrets of an event.
func blank(tx store.Tx, e store.Event) error {
	empty, changed, err := Blank(e)
	if err != nil {
		empty.Body, changed = []byte("{}"), true // it is no object: nothing of it is safe to keep
	}
	if !changed {
		return nil
	}
	return tx.RewriteEvent(empty)
}

// EndOldSecrets blanks the secrets that have ended by themselves, a small step at a
// time, and says how many.
func EndOldSecrets(ctx context.Context, st store.Store) (total int, err error) {
	for {
		n := 0
		var ended []*secret
		err := st.View(ctx, func(tx store.Tx) error {
			ended = nil
			for s, err := range secrets.Scan(tx) {
				if err != nil || len(ended) == step {
					return err
				}
				if !s.Until.IsZero() && !tx.Now().Before(s.Until) {
					ended = append(ended, s)
				}
			}
			return nil
		})
		if err != nil || len(ended) == 0 {
			return total, err
		}
		err = st.Update(ctx, func(tx store.Tx) error {
			n = 0
			for _, s := range ended {
				now, err := secrets.Get(tx, s.ID)
				if err == store.ErrAbsent { // ended otherwise in between
					continue
				}
				gone := false
				if err == nil {
					gone, err = now.end(tx)
				}
				if err != nil {
					return err
				}
				if gone {
					n++
				}
			}
			return nil
		})
		if err != nil {
			return total, err
		}
		total += n
	}
}
