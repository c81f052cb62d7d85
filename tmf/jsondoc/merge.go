package jsondoc

import "slices"

// Spelling knows members of an object that have more names than one.
type Spelling interface {
	// Spelled is the name under which the object has a member, or has it from now on,
	// and who knows those of the objects below it; nil: nobody, names are names.
	Spelled(name string, object Value) (spelling string, below Spelling)
}

// MergePatch is the target after a merge patch (RFC 7386): members that are null are
// erased, objects are merged, everything else is replaced. A member that the target has
// under another spelling keeps that one.
func MergePatch(target, patch Value, spelling Spelling) Value {
	if patch.kind != Object {
		return patch
	}
	var members []Member
	if target.kind == Object {
		members = make([]Member, len(target.members), len(target.members)+len(patch.members))
		copy(members, target.members)
	}
	for _, m := range patch.members {
		name, below := m.Name, Spelling(nil)
		if spelling != nil {
			name, below = spelling.Spelled(name, target)
		}
		i := slices.IndexFunc(members, func(mine Member) bool { return mine.Name == name })
		switch {
		case m.Value.kind == Null && i >= 0:
			members = slices.Delete(members, i, i+1)
		case m.Value.kind == Null:
		case i >= 0:
			members[i].Value = MergePatch(members[i].Value, m.Value, below)
		default:
			members = append(members, Member{name, MergePatch(Value{}, m.Value, below)})
		}
	}
	return ObjectOf(members...)
}
