package contract

import "rator/workflow/value"

// ShapeOf is which keys the declared values let repeat, at every level; nil when
// they let none. What stands below an open complex value is shaped as it comes.
func ShapeOf(vs []*Value) *value.Shape {
	var s value.Shape
	for _, v := range vs {
		if v.List {
			s.Lists = append(s.Lists, v.Key)
		}
		if below := ShapeOf(v.Values); below != nil {
			if s.Below == nil {
				s.Below = map[string]*value.Shape{}
			}
			s.Below[v.Key] = below
		}
	}
	if s.Lists == nil && s.Below == nil {
		return nil
	}
	return &s
}
