package store

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"unicode"
)

// Audit is how changes of an audited kind are told: by the names that contracts use, and
// without what is secret.
type Audit struct {
	members map[string]auditMember // by their name in the document
}

type auditMember struct {
	key    string
	secret bool
	left   bool // it is not told
}

// Difference is a member of a thing that changed, as JSON; nil is nothing: absent, empty,
// zero.
type Difference struct {
	Key      string
	Old, New []byte
}

// auditSecret stands for what is secret in a Difference.
const auditSecret = `"***"`

// longestDifference is how many bytes of a value are told.
const longestDifference = 1024

var audits = map[string]*Audit{}

// AuditOf is how changes of a kind are told; nil for one that is not audited.
func AuditOf(kind string) *Audit { return audits[kind] }

// Audited says that changes of things of the kind are told in the audit: each member of
// the document by its struct tag `key:"…"`, else by its name in capitals, as FIRST_NAME.
// That a member in secret changed is told, and not what it is; Modified, which every
// change changes, is left out. It belongs to the declaration, and panics on a name that
// is no member's.
func (k *Kind[T]) Audited(secret ...string) *Kind[T] {
	a := &Audit{members: map[string]auditMember{}}
	a.note(reflect.TypeFor[T]())
	for _, name := range secret {
		m, ok := a.members[name]
		if !ok {
			panic("store: kind " + k.name + " has no member " + name)
		}
		m.secret = true
		a.members[name] = m
	}
	if m, ok := a.members["Modified"]; ok {
		m.left = true
		a.members["Modified"] = m
	}
	audits[k.name] = a
	return k
}

// Secret reports whether it is told of a member only that it changed; the nil Audit has no
// such member.
func (a *Audit) Secret(member string) bool { return a != nil && a.members[member].secret }

func (a *Audit) note(t reflect.Type) {
	for n := range t.NumField() {
		f := t.Field(n)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			a.note(f.Type)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		if name == "" {
			name = f.Name
		}
		key := f.Tag.Get("key")
		if key == "" {
			key = capitals(f.Name)
		}
		a.members[name] = auditMember{key: key}
	}
}

// capitals is the name of a field as contracts write keys: FirstName is FIRST_NAME.
func capitals(name string) string {
	var b strings.Builder
	letters := []rune(name)
	for i, r := range letters {
		if i > 0 && unicode.IsUpper(r) && (!unicode.IsUpper(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// Differences are the members that differ between two documents of the kind; nil stands
// for a document that there is not.
func (a *Audit) Differences(old, new []byte) []Difference {
	if bytes.Equal(old, new) {
		return nil
	}
	was, is := membersOf(old), membersOf(new)
	var all []Difference
	tell := func(name string, old, new []byte) {
		if bytes.Equal(old, new) {
			return
		}
		m, ok := a.members[name]
		switch {
		case m.left:
			return
		case !ok: // of a version that had it
			m.key = capitals(name)
		}
		d := Difference{m.key, told(old), told(new)}
		if m.secret {
			d.Old, d.New = masked(d.Old), masked(d.New)
		}
		if d.Old != nil || d.New != nil {
			all = append(all, d)
		}
	}
	for i, m := range is {
		n := findMember(was, m.name, i)
		if n < 0 {
			tell(string(m.name), nil, m.value)
			continue
		}
		tell(string(m.name), was[n].value, m.value)
		was[n].value = nil
	}
	for _, m := range was {
		if m.value != nil {
			tell(string(m.name), m.value, nil)
		}
	}
	return all
}

type docMember struct{ name, value []byte }

// membersOf are the members of a document that json.Marshal wrote.
func membersOf(doc []byte) (all []docMember) {
	s := docScanner{rest: doc}
	if !s.take('{') {
		return nil
	}
	all = make([]docMember, 0, 32)
	for !s.take('}') {
		key := s.text()
		if key == nil || !s.take(':') {
			return all
		}
		s.space()
		value := s.value()
		if value == nil {
			return all
		}
		all = append(all, docMember{key[1 : len(key)-1], value})
		s.take(',')
	}
	return all
}

// findMember finds a name, which is most often at i; -1 = it is not there.
func findMember(members []docMember, name []byte, i int) int {
	if i < len(members) && bytes.Equal(members[i].name, name) {
		return i
	}
	for n := range members {
		if bytes.Equal(members[n].name, name) {
			return n
		}
	}
	return -1
}

// told is a value as it is told: nil for nothing, the beginning of a long one.
func told(value []byte) []byte {
	switch string(value) {
	case "", "null", `""`, "0", "false", "[]", "{}", `"0001-01-01T00:00:00Z"`:
		return nil
	}
	if len(value) <= longestDifference {
		return bytes.Clone(value)
	}
	cut, err := json.Marshal(strings.ToValidUTF8(string(value[:longestDifference]), "") + "…")
	if err != nil { // no string fails
		return nil
	}
	return cut
}

func masked(value []byte) []byte {
	if value == nil {
		return nil
	}
	return []byte(auditSecret)
}
