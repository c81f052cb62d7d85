package store

import (
	"bytes"
	"encoding/json"
)

// Doc is a kept thing as JSON, of which single members are read: for who looks at
// very many and needs little of each. Everybody else reads the whole thing.
type Doc struct {
	Base
	text []byte
}

// DocOf is a record as a Doc.
func DocOf(r Record) Doc { return docOf(r) }

// Text is the text of a member of the thing itself, "" where it has none. ok is
// false where the member is no string, or the document is none of Define's.
func (d Doc) Text(name string) (text string, ok bool) {
	value, ok := d.member(name)
	switch {
	case !ok || len(value) == 0:
		return "", ok
	case value[0] != '"':
		return "", false
	case bytes.IndexByte(value, '\\') < 0:
		return string(value[1 : len(value)-1]), true
	}
	err := json.Unmarshal(value, &text)
	return text, err == nil
}

// IDOf is Text for an id.
func (d Doc) IDOf(name string) (id ID, ok bool) {
	text, ok := d.Text(name)
	if !ok || text == "" {
		return 0, ok
	}
	id, err := ParseID(text)
	return id, err == nil
}

// member finds a member's value; it is empty where there is none.
func (d Doc) member(name string) (value []byte, ok bool) {
	s := docScanner{rest: d.text}
	if !s.take('{') {
		return nil, false
	}
	for !s.take('}') {
		key := s.text()
		if key == nil || !s.take(':') {
			return nil, false
		}
		s.space()
		value := s.value()
		if value == nil {
			return nil, false
		}
		if string(key[1:len(key)-1]) == name {
			return value, true
		}
		if !s.take(',') && (len(s.rest) == 0 || s.rest[0] != '}') {
			return nil, false
		}
	}
	return nil, true
}

// docScanner walks over JSON that json.Marshal or a database wrote, so it does not
// look for what is wrong with a value that it passes.
type docScanner struct{ rest []byte }

func (s *docScanner) space() {
	for len(s.rest) > 0 && (s.rest[0] == ' ' || s.rest[0] == '\n' || s.rest[0] == '\t' || s.rest[0] == '\r') {
		s.rest = s.rest[1:]
	}
}

func (s *docScanner) take(c byte) bool {
	s.space()
	if len(s.rest) == 0 || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// text is a string with its quotes; nil when there is none.
func (s *docScanner) text() []byte {
	s.space()
	if len(s.rest) == 0 || s.rest[0] != '"' {
		return nil
	}
	for i := 1; i < len(s.rest); i++ {
		switch s.rest[i] {
		case '\\':
			i++
		case '"':
			text := s.rest[:i+1]
			s.rest = s.rest[i+1:]
			return text
		}
	}
	return nil
}

// value is the next value of any kind; nil when it does not end.
func (s *docScanner) value() []byte {
	if len(s.rest) > 0 && s.rest[0] == '"' {
		return s.text()
	}
	start := s.rest
	for depth := 0; len(s.rest) > 0; {
		switch c := s.rest[0]; c {
		case '"':
			if s.text() == nil {
				return nil
			}
			continue
		case '{', '[':
			depth++
		case '}', ']', ',':
			if depth == 0 {
				return bytes.TrimSpace(start[:len(start)-len(s.rest)])
			}
			if c != ',' {
				depth--
			}
		}
		s.rest = s.rest[1:]
	}
	return nil
}

// Whole reads the thing that a Doc of the kind is.
func (k *Kind[T]) Whole(d Doc) (*T, error) {
	return k.read(Record{ID: d.ID, Version: d.Version, Doc: d.text})
}

// Doc is Get for who needs single members.
func (k *Kind[T]) Doc(tx Tx, id ID) (Doc, error) {
	r, err := tx.Get(k.name, id)
	if err != nil {
		return Doc{}, k.told(err, id.String(), nil)
	}
	return docOf(r), nil
}

// Docs are the first limit of what All gives.
func (k *Kind[T]) Docs(tx Tx, index, value string, limit int) ([]Doc, error) {
	rs, err := tx.Find(k.name, k.must(index), value, 0, limit)
	return docsOf(rs), err
}

// DocPage is Page for who needs single members.
func (k *Kind[T]) DocPage(tx Tx, index, prefix string, after []byte, limit int) ([]Doc, []byte, error) {
	rs, next, err := tx.Range(k.name, k.must(index), prefix, after, limit)
	return docsOf(rs), next, err
}

func docOf(r Record) Doc { return Doc{Base{ID: r.ID, Version: r.Version}, r.Doc} }

func docsOf(rs []Record) []Doc {
	docs := make([]Doc, len(rs))
	for i, r := range rs {
		docs[i] = docOf(r)
	}
	return docs
}
