package tmf

import "rator/store"

// EmitDeleted writes what a deletion writes; documents are JSON by dialect.
func EmitDeleted(tx store.Tx, resource, id, brand string, documents map[string]string) error {
	c := &resourceChange{resource: resource, id: id, brand: brand, what: store.Deleted, documents: map[string]Value{}}
	for dialect, text := range documents {
		doc, err := readKept(text)
		if err != nil {
			return err
		}
		c.documents[dialect] = doc
	}
	return c.emit(tx)
}
