package tmf

import "slices"

// merge is the target after a merge patch (RFC 7386): members that are null are
// erased, objects are merged, everything else is replaced. A member that the
// target has under another spelling of the same attribute keeps that one.
func merge(shape *Shape, target, patch Value) Value {
	if patch.kind != Object {
		return patch
	}
	var members []Member
	if target.kind == Object {
		members = make([]Member, len(target.members), len(target.members)+len(patch.members))
		copy(members, target.members)
	}
	for _, m := range patch.members {
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
		case m.Value.kind == Null && i >= 0:
			members = slices.Delete(members, i, i+1)
		case m.Value.kind == Null:
		case i >= 0:
			members[i].Value = merge(below, members[i].Value, m.Value)
		default:
			members = append(members, Member{name, merge(below, Value{}, m.Value)})
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
