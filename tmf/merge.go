package tmf

import "slices"

// merge is the target after a merge patch (RFC 7386): members that are null are
// erased, objects are merged, everything else is replaced. A member that the
// target has under another spelling of the same attribute keeps that one.
func merge(shape *Shape, target, patch Value) Value {
	if patch.Kind() != Object {
		return patch
	}
	var members []Member
	if target.Kind() == Object {
		members = make([]Member, len(target.Members()), len(target.Members())+len(patch.Members()))
		copy(members, target.Members())
	}
	for _, m := range patch.Members() {
		name, below := m.Name, (*Shape)(nil)
		if shape != nil {
			if f := shape.Field(m.Name); f != nil {
				below = f.Shape
				if spelling, _, found := f.In(target); found {
					name = spelling
				}
			}
		}
		i := slices.IndexFunc(members, func(mine Member) bool { return mine.Name == name })
		switch {
		case m.Value.Kind() == Null && i >= 0:
			members = slices.Delete(members, i, i+1)
		case m.Value.Kind() == Null:
		case i >= 0:
			members[i].Value = merge(below, members[i].Value, m.Value)
		default:
			members = append(members, MemberOf(name, merge(below, Value{}, m.Value)))
		}
	}
	return ObjectOf(members...)
}

// made reads what a patch made of a document, which has the limits of every
// other: it fails with a *Problem.
func made(text string, limits *Limits) (Value, error) {
	v, err := ReadJSON(text, limits)
	if err != nil {
		return Value{}, BodyTooLong.With("what the patch makes is not taken: %s", err)
	}
	return v, nil
}
