package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"slices"

	"rator/store"
)

// The values of what changed are kept beside the row, so that those of a person can go
// while the row stays as it was sealed: the row has a salted digest of them.

// Changed says what changed of a thing, without values.
type Changed struct {
	Object store.ID     `json:"o"`
	Kind   string       `json:"k"`
	What   store.Change `json:"w,omitzero"`
	Keys   []string     `json:"n,omitempty"` // as contracts name them; none of what was created: its values are what is read of it
	Digest string       `json:"d,omitempty"` // of the values; "" = none were kept
}

// ObjectChange is a Changed with its values.
type ObjectChange struct {
	Object store.ID
	Kind   string
	What   store.Change
	Values []KeyChange
	Ended  bool // the values are not kept: somebody was erased, or the thing deleted
}

// KeyChange is what a value was and became, as JSON; nil = nothing: absent, empty, zero.
// Secrets are "***", which the store puts in their place.
type KeyChange struct {
	Key      string
	Old, New json.RawMessage
}

// details has the values of the row that has its id.
type details struct {
	store.Base
	Changes []detail
}

type detail struct {
	Object store.ID          `json:"o"`
	Salt   string            `json:"s"`
	Old    []json.RawMessage `json:"b"` // key by key as in the row
	New    []json.RawMessage `json:"a"`
}

var auditDetails = store.Define("audit_detail", nil, func(d *details) *store.Base { return &d.Base })

// digestBytes is enough that nobody finds other values for a digest.
const digestBytes = 16

// digest is what a row has of values.
func (d *detail) digest() string {
	h := sha256.New()
	add := func(b []byte) {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(b))))
		h.Write(b)
	}
	add([]byte(d.Salt))
	for i := range d.Old {
		add(d.Old[i])
		add(d.New[i])
	}
	return base64.RawStdEncoding.EncodeToString(h.Sum(nil)[:digestBytes])
}

// Record is Record for a row that tells what changed. Of what is erased only keys are
// kept, in this row and in those of the accounts before.
func (c *Changes) Record(row AuditRow, accounts []store.ID) error {
	tx, erased := c.Tx, c.Erased()
	changes, err := c.all()
	if err != nil {
		return err
	}
	if row.Account == 0 {
		if row.Account, err = c.account(); err != nil {
			return err
		}
	}
	var kept []detail
	for _, c := range changes {
		changed := Changed{Object: c.Object, Kind: c.Kind, What: c.What}
		d := detail{Object: c.Object}
		for _, v := range c.Values {
			changed.Keys = append(changed.Keys, v.Key)
			d.Old, d.New = append(d.Old, orNull(v.Old)), append(d.New, orNull(v.New))
		}
		if len(c.Values) > 0 && !slices.Contains(erased, c.Object) {
			d.Salt = rand.Text()
			changed.Digest = d.digest()
			kept = append(kept, d)
		}
		row.Changed = append(row.Changed, changed)
	}
	if len(erased) > 0 {
		row.Erased = erased
		if row.Account != 0 && !slices.Contains(accounts, row.Account) {
			accounts = append(slices.Clip(accounts), row.Account)
		}
		for _, account := range accounts {
			if err := forgetDetails(tx, account, erased); err != nil {
				return err
			}
		}
	}
	if err := record(tx, &row); err != nil || len(kept) == 0 {
		return err
	}
	return auditDetails.InsertAs(tx, &details{Changes: kept}, row.ID)
}

// ChangesOf gives what a row tells of with the values that are kept.
func ChangesOf(tx store.Tx, row *AuditRow) ([]ObjectChange, error) {
	kept, err := detailsOf(tx, row)
	if err != nil {
		return nil, err
	}
	var all []ObjectChange
	for _, c := range row.Changed {
		change := ObjectChange{Object: c.Object, Kind: c.Kind, What: c.What}
		d := kept.of(c.Object)
		change.Ended = d == nil && len(c.Keys) > 0
		for i, key := range c.Keys {
			v := KeyChange{Key: key}
			if d != nil && i < len(d.Old) && i < len(d.New) {
				v.Old, v.New = orNothing(d.Old[i]), orNothing(d.New[i])
			}
			change.Values = append(change.Values, v)
		}
		all = append(all, change)
	}
	return all, nil
}

// detailsOf are those of a row; nil = none are kept.
func detailsOf(tx store.Tx, row *AuditRow) (*details, error) {
	if !slices.ContainsFunc(row.Changed, func(c Changed) bool { return c.Digest != "" }) {
		return nil, nil
	}
	d, err := auditDetails.Get(tx, row.ID)
	if errors.Is(err, store.ErrAbsent) {
		return nil, nil
	}
	return d, err
}

// of are those of an object, nil = none.
func (d *details) of(object store.ID) *detail {
	if d == nil {
		return nil
	}
	for i := range d.Changes {
		if d.Changes[i].Object == object {
			return &d.Changes[i]
		}
	}
	return nil
}

// forgetDetails drops the values of objects of an account.
func forgetDetails(tx store.Tx, account store.ID, objects []store.ID) error {
	var old []*details
	for row, err := range RowsOfAccount(tx, account, 0) {
		if err != nil {
			return err
		}
		d, err := detailsOf(tx, row)
		if err != nil {
			return err
		}
		if d != nil && slices.ContainsFunc(d.Changes, func(c detail) bool { return slices.Contains(objects, c.Object) }) {
			old = append(old, d)
		}
	}
	for _, d := range old {
		d.Changes = slices.DeleteFunc(d.Changes, func(c detail) bool { return slices.Contains(objects, c.Object) })
		forget := auditDetails.Put
		if len(d.Changes) == 0 {
			forget = auditDetails.Delete
		}
		if err := forget(tx, d); err != nil {
			return err
		}
	}
	return nil
}

func orNull(value json.RawMessage) json.RawMessage {
	if value == nil {
		return json.RawMessage("null")
	}
	return value
}

func orNothing(value json.RawMessage) json.RawMessage {
	if string(value) == "null" {
		return nil
	}
	return value
}

// objectsOf are the ids that a document has as its Objects.
func objectsOf(doc []byte) []store.ID {
	var d struct{ Objects []store.ID }
	if json.Unmarshal(doc, &d) != nil {
		return nil
	}
	return d.Objects
}
