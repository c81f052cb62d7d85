package mask_test

import (
	"testing"

	"rator/mask"
)

func TestValue(t *testing.T) {
	m := mask.New(nil, mask.Options{Keep: []string{"TOKEN"}})
	for _, c := range []struct{ name, value, want string }{
		{"password", "hunter2", "***"}, {"dbPassword", "x", "***"}, {"password", "", ""}, {"town", "Odense", "Odense"},
		{"body", "<a><PIN>1234</PIN></a>", "<a><PIN>***</PIN></a>"}, {"note", "4111111111111111", "***"}, {"token", "kept on purpose", "kept on purpose"},
	} {
		if got := m.Value(c.name, c.value); got != c.want {
			t.Errorf("%s: %q is %q, want %q", c.name, c.value, got, c.want)
		}
	}
}
