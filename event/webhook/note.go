package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"rator/access"
	"rator/event/delivery"
	"rator/store"
)

// Note keeps the webhook's place behind what it took, and how it goes with it.
func (s source) Note(ctx context.Context, id store.ID, taken []message, failed error) error {
	var told *access.AuditRow
	err := s.change(ctx, id, func(tx store.Tx, w *Webhook) (changed bool, err error) {
		if told = nil; len(taken) > 0 {
			told = w.told(tx.Now(), taken)
			w.Cursor, changed = max(w.Cursor, taken[len(taken)-1].cursor), true
			w.Took()
		}
		if failed != nil {
			w.failed(failed, tx.Now(), s.config.Backoff)
		}
		return changed || failed != nil, nil
	})
	if err == nil && told != nil && s.config.Behind != nil {
		err = s.config.Behind.Write(*told)
	}
	return err
}

// failed counts a delivery that failed. A receiver that wants nothing more, and an operator
// that may not be told, suspend at once.
func (w *Webhook) failed(why error, now time.Time, backoff func(int) time.Duration) {
	var status *delivery.StatusError
	w.Failed(why, now, backoff)
	switch {
	case errors.As(why, &status) && status.Code == http.StatusGone:
		w.Suspend("the receiver wants nothing more: it answered "+status.Status(), now)
	case denied(why):
		w.Suspend(reasonOf(why), now)
	}
}

// told is the audit row of a batch: who was told about which objects.
func (w *Webhook) told(at time.Time, taken []message) *access.AuditRow {
	row := &access.AuditRow{At: at, Who: w.Operator, Face: "webhook", Hookpoint: access.RightEvents, Outcome: access.OutcomeOK, Objects: []store.ID{w.ID},
		Notes: []string{fmt.Sprintf("told %d events up to cursor %d", len(taken), taken[len(taken)-1].cursor)}}
	for _, m := range taken {
		for _, id := range m.about {
			if !slices.Contains(row.Objects, id) {
				row.Objects = append(row.Objects, id)
			}
		}
	}
	return row
}
