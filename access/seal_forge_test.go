package access_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"rator/store"
)

// What somebody can do who knows how rows are sealed, and may write to the store.

// forge changes the first row of the second segment and makes segments anew, each to
// follow from the one before.
func (c *chain) forge(tx store.Tx, numbers ...int) error {
	if err := rewrite(tx, "audit", c.rows[3], `"Who":"shop"`, `"Who":"boss"`); err != nil {
		return err
	}
	before := textOf(records(tx, "audit_segment")[numbers[0]-2], "Hash")
	for _, n := range numbers {
		kept := records(tx, "audit_segment")[n-1]
		var s map[string]any
		if err := json.Unmarshal(kept.Doc, &s); err != nil {
			return err
		}
		var rows []byte
		for _, id := range c.rows[(n-1)*3 : n*3] {
			r, err := tx.Get("audit", id)
			if err != nil {
				return err
			}
			number, version := binary.BigEndian.AppendUint64(nil, uint64(id)), binary.BigEndian.AppendUint64(nil, uint64(r.Version))
			sum := sha256.Sum256(append(append(append([]byte(nil), number...), version...), r.Doc...))
			rows = append(append(rows, number...), sum[:]...)
		}
		s["Before"], s["Rows"] = before, base64.StdEncoding.EncodeToString(rows)
		sum := sha256.Sum256([]byte(store.Compose("rator audit 1", strconv.Itoa(n), s["Sealed"].(string), before, s["Rows"].(string))))
		before = hex.EncodeToString(sum[:])
		s["Hash"] = before
		doc, err := json.Marshal(s)
		if err != nil {
			return err
		}
		if err := swap(tx, "audit_segment", kept.ID, doc); err != nil {
			return err
		}
	}
	seal := records(tx, "audit_seal")[0]
	if numbers[len(numbers)-1] < 5 {
		return nil
	}
	return rewrite(tx, "audit_seal", seal.ID, textOf(seal, "Hash"), before)
}

// cutTail leaves two segments and a seal that names the second.
func (c *chain) cutTail(tx store.Tx) error {
	second, seal := records(tx, "audit_segment")[1], records(tx, "audit_seal")[0]
	return errors.Join(
		cut(tx, "audit", 6, 17), cut(tx, "audit_segment", 2, 5), cut(tx, "audit_detail", 2, 5),
		rewrite(tx, "audit_seal", seal.ID, textOf(seal, "Hash"), textOf(second, "Hash")),
		rewrite(tx, "audit_seal", seal.ID, `"Number":5`, `"Number":2`),
		rewrite(tx, "audit_seal", seal.ID, c.rows[14].String(), c.rows[5].String()))
}

func textOf(r store.Record, name string) string {
	text, ok := store.DocOf(r).Text(name)
	if !ok {
		panic(fmt.Sprintf("%s has no %s", r.Doc, name))
	}
	return text
}
