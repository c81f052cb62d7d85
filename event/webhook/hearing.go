package webhook

import (
	"slices"
	"strings"

	"rator/access"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// onlyReader is the operator that is meant where none is named.
func onlyReader(tx store.Tx) (string, error) {
	all, err := access.Operators(tx)
	if err != nil {
		return "", err
	}
	var may []string
	for _, o := range all {
		if o.Enabled && o.May(access.RightEvents) {
			may = append(may, o.Name)
		}
	}
	switch len(may) {
	case 1:
		return may[0], nil
	case 0:
		return "", mayNotHear.With("no operator may read events; rator operator grant NAME %s lets one", access.RightEvents)
	}
	return "", badWebhook.With("%d operators may read events; name one of %s", len(may), strings.Join(may, ", "))
}

// operatorOf is the webhook's operator, as it is now. It fails with mayNotHear when the
// operator is disabled or may not read events, and with access.UnknownOperator.
func (w *Webhook) operatorOf(tx store.Tx) (*access.Operator, error) {
	o, err := access.OperatorByName(tx, w.Operator)
	switch {
	case err != nil:
		return nil, err
	case !o.Enabled:
		return nil, mayNotHear.With("operator %s is disabled", o.Name)
	case !o.May(access.RightEvents):
		return nil, mayNotHear.With("operator %s has no right to %s", o.Name, access.RightEvents)
	}
	return o, nil
}

// mayHear fails as operatorOf does, with mayNotHear when a brand of the webhook's is none
// of its operator's, and with badWebhook when it is none.
func (w *Webhook) mayHear(tx store.Tx) error {
	o, err := w.operatorOf(tx)
	if err != nil {
		return err
	}
	for _, key := range w.Brands {
		if key == access.Any {
			return badWebhook.With("name no brand for all that its operator works for")
		}
		if !o.HasBrand(key) {
			return mayNotHear.With("operator %s does not work for brand %.70q", o.Name, key)
		}
	}
	return nil
}

// denied reports whether err says that the operator may not be told anything.
func denied(err error) bool {
	code := failure.CodeOf(err)
	return code == mayNotHear || code == access.UnknownOperator
}

// reader reads what the webhook is to be told: of its topics, and of those of its brands
// that its operator works for. Events of no brand are for operators of every brand.
func (w *Webhook) reader(o *access.Operator) *event.Reader {
	r := &event.Reader{Patterns: w.Topics}
	every := slices.Contains(o.Brands, access.Any)
	switch {
	case len(w.Brands) > 0:
		r.Brands = slices.DeleteFunc(slices.Clone(w.Brands), func(key string) bool { return !o.HasBrand(key) })
	case !every:
		r.Brands = slices.Clone(o.Brands) // at least one
	}
	return r
}

// Waiting counts the events that a webhook is still to be told: none while its operator
// may not be told anything.
func (w *Webhook) Waiting(tx store.Tx) (n int64, err error) {
	o, err := w.operatorOf(tx)
	if denied(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	at, r := *w, w.reader(o)
	if _, err := at.catchUp(tx); err != nil {
		return 0, err
	}
	for page := (event.Page{Cursor: at.Cursor}); !page.End; n += int64(len(page.Events)) {
		if page, err = r.After(tx, page.Cursor, mostPage); err != nil {
			return 0, err
		}
	}
	return n, nil
}
