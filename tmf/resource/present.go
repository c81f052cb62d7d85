package resource

import (
	"net/url"
	"slices"
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// presenter makes answer documents: what a Collection keeps, with everything
// that the tables and the request's address add (tmf-customer.md 0.5, 0.7, 1.0).
type Presenter struct {
	Shape  *dialect.Shape
	Origin string // scheme://host
	Base   string // the path of the dialect as it was asked
	Name   string // of the resource
	PINs   *PINs  // open what items hide; nil: it stays hidden
}

// href is the address of an item.
func (p *Presenter) Href(id string) string {
	return p.Origin + p.Base + "/" + p.Name + "/" + url.PathEscape(id)
}

// show is the answer document: id, href and what nobody gave come first.
func (p *Presenter) Show(item Item) jsondoc.Value {
	doc := item.Document
	if p.PINs != nil && item.PIN != "" {
		doc = doc.With(pinMember, jsondoc.Text(p.PINs.open(item.PIN)))
	}
	members := make([]jsondoc.Member, 0, len(doc.Members())+4)
	members = append(members, jsondoc.MemberOf("id", jsondoc.Text(item.ID)), jsondoc.MemberOf("href", jsondoc.Text(p.Href(item.ID))))
	members = p.defaults(p.Shape, doc, members)
	for i := range p.Shape.Fields {
		if f := &p.Shape.Fields[i]; f.Computed && f.Type == dialect.OfDateTime {
			members = append(members, jsondoc.MemberOf(f.Name, jsondoc.Text(dialect.WriteInstant(item.Modified))))
		}
	}
	for _, m := range doc.Members() {
		f := p.Shape.Field(m.Name)
		if f == nil || !f.Computed {
			members = append(members, jsondoc.MemberOf(m.Name, p.filled(f, m.Value)))
		}
	}
	return jsondoc.ObjectOf(members...)
}

// filled adds to the value of a field what its shape, and those below, are
// answered with.
func (p *Presenter) filled(f *dialect.Field, v jsondoc.Value) jsondoc.Value {
	if f == nil || f.Shape == nil {
		return v
	}
	switch v.Kind() {
	case jsondoc.Array:
		items := make([]jsondoc.Value, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = p.filled(f, item)
		}
		return jsondoc.ArrayOf(items...)
	case jsondoc.Object:
		return p.object(f.Shape, v)
	}
	return v
}

func (p *Presenter) object(s *dialect.Shape, v jsondoc.Value) jsondoc.Value {
	members, address := p.defaults(s, v, nil), p.addressIn(s, v)
	if len(members) == 0 && address == "" && isFlat(s, v) {
		return v
	}
	members = slices.Grow(members, len(v.Members())+1)
	for _, m := range v.Members() {
		if m.Name == partyClass {
			continue
		}
		members = append(members, jsondoc.MemberOf(m.Name, p.filled(s.Field(m.Name), m.Value)))
		if m.Name == "id" && address != "" && !v.Has("href") {
			members = append(members, jsondoc.MemberOf("href", jsondoc.Text(address)))
		}
	}
	return jsondoc.ObjectOf(members...)
}

// isFlat reports whether nothing in the members of an object is answered otherwise than it
// is kept.
func isFlat(s *dialect.Shape, v jsondoc.Value) bool {
	return !slices.ContainsFunc(v.Members(), func(m jsondoc.Member) bool {
		f := s.Field(m.Name)
		return m.Name == partyClass || f != nil && f.Shape != nil
	})
}

// defaults adds what an object does not have and is answered with all the same.
func (p *Presenter) defaults(s *dialect.Shape, object jsondoc.Value, members []jsondoc.Member) []jsondoc.Member {
	for i := range s.Fields {
		f := &s.Fields[i]
		if f.Default.Kind() == jsondoc.Null {
			continue
		}
		if _, _, found := f.In(object); !found {
			members = append(members, jsondoc.MemberOf(f.Name, f.Default))
		}
	}
	return members
}

// addressIn is where the thing is that a reference names by its id; "" when
// nobody knows.
func (p *Presenter) addressIn(s *dialect.Shape, v jsondoc.Value) string {
	id, _ := v.Get("id")
	if len(s.Homes) == 0 || id.Kind() != jsondoc.String || id.Text() == "" {
		return ""
	}
	referred, found := v.Get("@referredType")
	if !found {
		referred, _ = v.Get(partyClass)
	}
	for _, home := range s.Homes {
		if home.ReferredType != "" && home.ReferredType != referred.Text() {
			continue
		}
		return p.homeOf(home) + url.PathEscape(id.Text())
	}
	return ""
}

// homeOf is the address of a home, with a slash at its end.
func (p *Presenter) homeOf(h dialect.Home) string {
	if strings.HasPrefix(h.Path, "/") {
		return p.Origin + h.Path + "/"
	}
	return p.Origin + p.Base + "/" + h.Path + "/"
}

// atHome reports whether an address is in one of the shape's homes.
func (p *Presenter) atHome(s *dialect.Shape, address string) bool {
	return slices.ContainsFunc(s.Homes, func(h dialect.Home) bool { return strings.HasPrefix(address, p.homeOf(h)) })
}
