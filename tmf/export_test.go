package tmf

import (
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// KeepChange writes what NoteChanges writes of a change; documents are JSON by dialect.
func KeepChange(tx store.Tx, resource, id, brand string, what store.Change, fields map[string][]string, documents map[string]string) error {
	c := &keptChange{At: tx.Now(), Resource: resource, Thing: id, Brand: brand, What: what, Fields: fields}
	for dialect, text := range documents {
		doc, err := jsondoc.ReadKept(text)
		if err != nil {
			return err
		}
		c.Shown = append(c.Shown, keptDocument{Dialect: dialect, Modified: c.At, Document: doc.Append(nil)})
	}
	return keptChanges.Insert(tx, c)
}

// KeepEnded writes what a version before wrote of a deleted resource beside its event.
func KeepEnded(tx store.Tx, documents string) (store.ID, error) {
	end := &ended{Documents: documents}
	err := endings.Insert(tx, end)
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
	for c, err := range keptChanges.ScanAfter(tx, after) {
		if err != nil {
			return nil, err
		}
		one := Change{c.ID, c.Resource, c.Thing, c.What, c.Fields, map[string]string{}}
		for _, d := range dialect.All {
			item, found, err := c.item(d, origin)
			if err != nil {
				return nil, err
			}
			if found {
				r := d.Resource(c.Resource)
				show := presenter{shape: r.Shape, origin: origin, base: d.Bases[0].Path, name: r.Name}
				one.Documents[d.Name] = string(show.show(item).Append(nil))
			}
		}
		all = append(all, one)
	}
	return all, nil
}
