package store

import "testing"

// inner is embedded, as fields of kept things are.
type inner struct {
	Name string
	Tag  string `json:"label,omitempty"`
}

type member struct {
	Base
	first  string
	Owner  ID
	Hidden string `json:"-"`
	inner
	Named inner `json:"named"`
}

func TestMemberName(t *testing.T) {
	for want, got := range map[string]string{
		"Owner": MemberName(func(m *member) *ID { return &m.Owner }),
		"label": MemberName(func(m *member) *string { return &m.Tag }),
		"Name":  MemberName(func(m *member) *string { return &m.Name }),
		"named": MemberName(func(m *member) *inner { return &m.Named }),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for what, field := range map[string]func(*member) *string{
		"one that is not kept":  func(m *member) *string { return &m.Hidden },
		"one that is not told":  func(m *member) *string { return &m.first },
		"one of another thing":  func(*member) *string { return new(string) },
		"one of a member's own": func(m *member) *string { return &m.Named.Tag },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s has a name", what)
				}
			}()
			MemberName(field)
		}()
	}
}
