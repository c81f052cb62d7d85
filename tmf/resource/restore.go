package resource

import (
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// restore turns an answer document that a client changed, or sent back, into one
// to keep: what it left as it was shown is as the item has it, and addresses that
// show would fill in are taken out. So neither a default that nobody chose nor
// the host of one request ends up in the data.
func (p *Presenter) Restore(item Item, shown, changed jsondoc.Value) jsondoc.Value {
	members := make([]jsondoc.Member, 0, len(changed.Members()))
	for _, m := range changed.Members() {
		f := p.Shape.Field(m.Name)
		if f != nil && f.Computed {
			continue
		}
		if before, found := shown.Get(m.Name); found && before.Identical(m.Value) {
			if kept, found := item.Document.Get(m.Name); found {
				members = append(members, jsondoc.MemberOf(m.Name, kept))
			}
			continue
		}
		members = append(members, jsondoc.MemberOf(m.Name, p.plain(f, m.Value)))
	}
	return jsondoc.ObjectOf(members...)
}

// plain takes out the addresses that filled adds: those beside an id that are where the
// shape's things are found, for the id may have changed and the address must follow.
func (p *Presenter) plain(f *dialect.Field, v jsondoc.Value) jsondoc.Value {
	if f == nil || f.Shape == nil {
		return v
	}
	switch v.Kind() {
	case jsondoc.Array:
		items := make([]jsondoc.Value, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = p.plain(f, item)
		}
		return jsondoc.ArrayOf(items...)
	case jsondoc.Object:
		members := make([]jsondoc.Member, 0, len(v.Members()))
		for _, m := range v.Members() {
			if m.Name == "href" && v.Has("id") && p.atHome(f.Shape, m.Value.Text()) {
				continue
			}
			members = append(members, jsondoc.MemberOf(m.Name, p.plain(f.Shape.Field(m.Name), m.Value)))
		}
		return jsondoc.ObjectOf(members...)
	}
	return v
}
