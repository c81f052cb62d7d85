package hub

import (
	"encoding/json"
	"slices"
	"time"

	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
)

// KeptChange is what a transaction did to a resource, as hubs are to be told: written with
// it, and deleted with the making of the notifications. Its id is their eventId.
type KeptChange struct {
	store.Base
	At       time.Time
	Resource string
	Thing    string   // id of the resource
	Object   store.ID `json:",omitzero"` // of the business
	Account  store.ID `json:",omitzero"` // of its customer, where there is one
	Brand    string   // key
	What     store.Change
	Fields   map[string][]string `json:",omitempty"` // attributes that an update changed, by dialect
	Shown    []KeptDocument
	Hubs     []store.ID `json:",omitempty"` // of the brand, when it happened; none = a version before did not keep them
	Erased   bool       `json:",omitempty"` // the documents are bare
}

// KeptDocument is the resource as a dialect shows it, whole: after the change, or, of one
// that was deleted, before.
type KeptDocument struct {
	Dialect  string
	Origin   string // of addresses in it that the dialect's tables do not fill in
	Modified time.Time
	Document json.RawMessage
}

var KeptChanges = store.Define("tmf_change", nil, func(c *KeptChange) *store.Base { return &c.Base },
	store.Index[KeptChange]{Name: resource.ByAccount, Value: func(c *KeptChange) string { return ownerKey(c.Account, c.Erased) }})

// isFor reports whether a hub was there when the change happened. Ids do not tell: those of
// another process may be of a moment before or after.
func (c *KeptChange) isFor(h *Hub) bool {
	if len(c.Hubs) == 0 {
		return c.ID > h.ID
	}
	return slices.Contains(c.Hubs, h.ID)
}

// ownerKey is the value in ByAccount of what waits for listeners; "" when there is nothing
// in it any more that may have to be erased.
func ownerKey(account store.ID, erased bool) string {
	switch {
	case erased:
		return ""
	case account == 0:
		return unowned
	}
	return account.String()
}

// named is the name of a change in a dialect; "" when it shows nothing of it.
func (c *KeptChange) named(d *dialect.Dialect, r *dialect.Resource) string {
	return namedChange(r, c.What, c.Fields[d.Name])
}

// item is the resource as a hub is shown it.
func (c *KeptChange) Item(d *dialect.Dialect, origin string) (i resource.Item, found bool, err error) {
	for _, s := range c.Shown {
		if s.Dialect != d.Name || found && s.Origin != origin {
			continue
		}
		doc, err := jsondoc.ReadKept(string(s.Document))
		if err != nil {
			return resource.Item{}, false, &store.BadRecordError{Kind: KeptChanges.Name(), ID: c.ID, Reason: err.Error()}
		}
		i, found = resource.Item{ID: c.Thing, Modified: s.Modified, Document: doc}, true
	}
	return i, found, nil
}

// size is about how many bytes it has.
func (c *KeptChange) size() (n int) {
	for _, s := range c.Shown {
		n += len(s.Document)
	}
	return n
}

// mentions reports whether any of its documents has a mark.
func (c *KeptChange) mentions(marks []string) (bool, error) {
	members := []jsondoc.Member{jsondoc.MemberOf("id", jsondoc.Text(c.Thing))}
	for _, s := range c.Shown {
		doc, err := jsondoc.ReadKept(string(s.Document))
		if err != nil {
			return false, err
		}
		members = append(members, jsondoc.MemberOf(s.Dialect, doc))
	}
	return resource.Mentions(jsondoc.ObjectOf(members...), marks), nil
}

// erase leaves what it is about, and what state that was in.
func (c *KeptChange) erase(tx store.Tx) error {
	for i := range c.Shown {
		doc, err := jsondoc.ReadKept(string(c.Shown[i].Document))
		if err != nil {
			return err
		}
		c.Shown[i].Document = bare(doc).Append(nil)
	}
	c.Erased = true
	return KeptChanges.Put(tx, c)
}
