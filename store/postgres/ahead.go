package postgres

import "rator/store"

// Ahead reads what is about to be asked, and keeps it as what was found.
func (t *tx) Ahead(a store.Ahead) error {
	var w wanted
	if _, err := t.wantAll(&w, a.Asks); err != nil {
		return err
	}
	for _, p := range a.Pages {
		if err := t.wantPage(&w, p); err != nil {
			return err
		}
	}
	for _, name := range a.Counts {
		k, err := t.kind(name)
		if err != nil {
			return err
		}
		w.count(k)
	}
	err := t.base.read(w)
	if store.IsAnswer(err) {
		return nil // who asks for it hears of it
	}
	return err
}

// wantPage has a page be asked as Scan, or Range from the start, asks for it.
func (t *tx) wantPage(w *wanted, p store.Page) error {
	if p.Index == "" {
		k, err := t.kind(p.Kind)
		if err == nil {
			t.asking(w, question{k: k, sort: scan, from: entry{id: p.After}}, p.Limit)
		}
		return err
	}
	q, can, err := t.within(p.Kind, p.Index, p.Prefix)
	if err == nil && can {
		t.asking(w, q, p.Limit+1)
	}
	return err
}
