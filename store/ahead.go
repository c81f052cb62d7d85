package store

// Ahead is what somebody is about to ask, told to Tx.Ahead: a driver that is far away
// fetches all of it in one trip, and has the answers when the questions come. A question
// that comes otherwise than it was told is a trip of its own, and no fault. Kinds whose
// copies answer are left out. The zero Ahead tells nothing.
type Ahead struct {
	Asks   []Ask    // Find, Get, and the newest
	Pages  []Page   // Range, from the start, and Scan
	Counts []string // kinds
}

// Page is a question for the first Limit of a kind: those whose value in an index begins
// with a prefix, or, without an Index, all after an id.
type Page struct {
	Kind, Index, Prefix string
	After               ID
	Limit               int
}

// AheadBy tells of By and Has.
func (k *Kind[T]) AheadBy(a *Ahead, index, value string) { k.ahead(a, index, value, 1) }

// AheadAll tells of All.
func (k *Kind[T]) AheadAll(a *Ahead, index, value string) { k.ahead(a, index, value, page) }

func (k *Kind[T]) ahead(a *Ahead, index, value string, limit int) {
	if !k.stable {
		a.Asks = append(a.Asks, Ask{Kind: k.name, Index: k.must(index), Value: value, Limit: limit})
	}
}

// AheadPage tells of Page, from the start.
func (k *Kind[T]) AheadPage(a *Ahead, index, prefix string, limit int) {
	if !k.stable {
		a.Pages = append(a.Pages, Page{Kind: k.name, Index: k.must(index), Prefix: prefix, Limit: limit})
	}
}

// AheadSome tells of ScanSome.
func (k *Kind[T]) AheadSome(a *Ahead, after ID, likely int) {
	if !k.stable {
		a.Pages = append(a.Pages, Page{Kind: k.name, After: after, Limit: max(likely, 1)})
	}
}

// AheadCount tells of Count.
func (k *Kind[T]) AheadCount(a *Ahead) { a.Counts = append(a.Counts, k.name) }
