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
	Cursor int64
	About  store.ID  // the subject of the event
	Until  time.Time // when it ends by itself; zero = never
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

// noteSecret notes the event of a topic that holds a secret, which was emitted just now.
func noteSecret(tx store.Tx, t *Topic, about store.ID) error {
	_, newest, err := tx.EventSpan()
	if err != nil {
		return err
	}
	s := &secret{Cursor: newest, About: about}
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
			err = s.end(tx)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *secret) end(tx store.Tx) error {
	events, err := tx.EventsAfter(s.Cursor-1, 1)
	if err != nil {
		return err
	}
	if len(events) == 1 && events[0].Cursor == s.Cursor {
		if err := blank(tx, events[0]); err != nil {
			return err
		}
	}
	return secrets.Delete(tx, s)
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
			for _, s := range ended {
				now, err := secrets.Get(tx, s.ID)
				if err == store.ErrAbsent { // ended otherwise in between
					continue
				}
				if err == nil {
					err = now.end(tx)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return total, err
		}
		total += len(ended)
	}
}
