package resource

import (
	"slices"
	"strings"

	"rator/store"
	"rator/tmf/jsondoc"
)

// The indexes of overlays: what clients wrote that lists are asked for, as far as the business does not have it the same, for that the business's
// own indexes find. A text is in an
// index whatever the case of its letters.

const (
	byToldEmail  = "told_email"
	byToldParty  = "told_party"
	byToldStatus = "told_status"
	byToldType   = "told_type" // of a customerAccount; the others are of a customer

	byNamed = "named" // of any: what has an id as a party's is
)

// severalTold is the value of an overlay that says more than one thing that an
// index should have: a list that goes by the index looks at all of these.
const severalTold = "\x1f"

func toldIndex(name, resource string, of func(written, had jsondoc.Value) []string) store.Index[overlay] {
	return store.Index[overlay]{Name: name, Value: func(o *overlay) string {
		if o.Resource != resource || o.Written == "" {
			return ""
		}
		all, err := o.documents()
		if err != nil {
			return severalTold
		}
		switch told := of(all.written, all.had); len(told) {
		case 0:
			return ""
		case 1:
			return toldKey(told[0])
		}
		return severalTold
	}}
}

// toldKey is a text as the indexes have it.
func toldKey(text string) string {
	return indexText("told", strings.ToLower(strings.ToUpper(text))) // so that it is as EqualFold has it
}

// namedKey is the id that clients wrote of somebody in an overlay, as a party has it: a
// string of 18 digits.
func namedKey(o *overlay) string {
	const digits = 18
	key := ""
	for text := o.Written; ; {
		_, after, found := strings.Cut(text, `"`)
		if !found {
			return key
		}
		text = after
		if len(text) <= digits || text[digits] != '"' || strings.Trim(text[:digits], "0123456789") != "" {
			continue
		}
		if key != "" && key != text[:digits] {
			return severalTold
		}
		key, text = text[:digits], text[digits+1:]
	}
}

// toldEmails are the e-mail addresses that are not where the business had them.
func toldEmails(written, had jsondoc.Value) (told []string) {
	media, _ := written.Get("contactMedium")
	old, _ := had.Get("contactMedium")
	was, is := elementsOf(&old), elementsOf(&media)
	for i, item := range media.Items() {
		var known []string
		if element := was.byKey[is.keys[i]]; element != nil {
			known = textsNamed("emailAddress", *element, nil)
		}
		for _, text := range textsNamed("emailAddress", item, nil) {
			if !slices.Contains(known, text) && !slices.Contains(told, text) {
				told = append(told, text)
			}
		}
	}
	return told
}

// textsNamed collects the texts of members of that name at any depth.
func textsNamed(name string, v jsondoc.Value, texts []string) []string {
	for _, item := range v.Items() {
		texts = textsNamed(name, item, texts)
	}
	for _, m := range v.Members() {
		if m.Name == name && m.Value.Kind() == jsondoc.String {
			texts = append(texts, m.Value.Text())
		}
		texts = textsNamed(name, m.Value, texts)
	}
	return texts
}

// toldParties is the party that was named for the owner; by its name, as later
// dialects do, when it has no id.
func toldParties(written, had jsondoc.Value) []string {
	party, found := written.Get("relatedParty")
	if !found {
		return nil
	}
	old, _ := had.Get("relatedParty")
	id := party.TextIn("id")
	if id == "" {
		id = party.TextIn("name")
	}
	if party.Kind() != jsondoc.Object || id == "" {
		return []string{"", ""}
	}
	if id == old.TextIn("id") {
		return nil
	}
	return []string{id}
}

func toldStatuses(written, _ jsondoc.Value) []string {
	if status, found := written.Get("status"); found {
		return []string{status.Text()}
	}
	return nil
}

func toldTypes(written, _ jsondoc.Value) []string {
	if kind, found := written.Get("accountType"); found {
		return []string{kind.Text()}
	}
	return nil
}

// saidBy finds the objects over which something lies that may say one of values.
// found is false where they are too many.
func saidBy(tx store.Tx, index string, values []string) (ids []store.ID, found bool, err error) {
	keys := []string{severalTold}
	for _, v := range values {
		keys = append(keys, toldKey(v))
	}
	for _, key := range keys {
		if key == "" {
			return nil, false, nil
		}
		for o, err := range Overlays.All(tx, index, key) {
			if err != nil {
				return nil, false, err
			}
			if ids = append(ids, o.Object); len(ids) > maxIndexHits {
				return nil, false, nil
			}
		}
	}
	return ids, true, nil
}
