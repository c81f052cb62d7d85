package tmf

import (
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/hub"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
)

// KeepChange writes what NoteChanges writes of a change; documents are JSON by dialect.
func KeepChange(tx store.Tx, kind, id, brand string, what store.Change, fields map[string][]string, documents map[string]string) error {
	c := &hub.KeptChange{At: tx.Now(), Resource: kind, Thing: id, Brand: brand, What: what, Fields: fields}
	for dialect, text := range documents {
		doc, err := jsondoc.ReadKept(text)
		if err != nil {
			return err
		}
		c.Shown = append(c.Shown, hub.KeptDocument{Dialect: dialect, Modified: c.At, Document: doc.Append(nil)})
	}
	return hub.KeptChanges.Insert(tx, c)
}

// KeepEnded writes what a version before wrote of a deleted resource beside its event.
func KeepEnded(tx store.Tx, documents string) (store.ID, error) {
	end := &hub.Ended{Documents: documents}
	err := hub.Endings.Insert(tx, end)
	return end.ID, err
}

// Change is a kept change with what it shows of a resource, as it is told.
type Change struct {
	ID              store.ID
	Resource, Thing string
	What            store.Change
	Fields          map[string][]string
	Documents       map[string]string // by dialect
}

// Changes are those that wait to be published, after one of them; 0 = from the first on.
func Changes(tx store.Tx, origin string, after store.ID) (all []Change, err error) {
	for c, err := range hub.KeptChanges.ScanAfter(tx, after) {
		if err != nil {
			return nil, err
		}
		one := Change{c.ID, c.Resource, c.Thing, c.What, c.Fields, map[string]string{}}
		for _, d := range dialect.All {
			item, found, err := c.Item(d, origin)
			if err != nil {
				return nil, err
			}
			if found {
				r := d.Resource(c.Resource)
				show := resource.Presenter{Shape: r.Shape, Origin: origin, Base: d.Bases[0].Path, Name: r.Name}
				one.Documents[d.Name] = string(show.Show(item).Append(nil))
			}
		}
		all = append(all, one)
	}
	return all, nil
}
