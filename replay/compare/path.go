package compare

import (
	"strconv"
	"strings"
)

// step is one step of a path, with the way up.
type step struct {
	up    *step
	name  string
	key   string // of an entry of ours: values[KEY]
	index int    // among those of its name; -1 = it is the only one
}

// String is the path as differences show it.
func (s *step) String() string {
	if s == nil {
		return ""
	}
	var b strings.Builder
	s.write(&b)
	return b.String()
}

func (s *step) write(b *strings.Builder) {
	if s.up != nil {
		s.up.write(b)
		b.WriteByte('/')
	}
	b.WriteString(s.name)
	if s.key != "" {
		b.WriteString("[" + s.key + "]")
	}
	if s.index >= 0 {
		b.WriteString("[" + strconv.Itoa(s.index) + "]")
	}
}

// cutIndex parts a step as it is written into its name and its index, -1 when it
// has none. The key of values[KEY] stays with the name.
func cutIndex(written string) (name string, index int) {
	at := strings.LastIndexByte(written, '[')
	if at <= 0 || !strings.HasSuffix(written, "]") {
		return written, -1
	}
	n, err := strconv.Atoi(written[at+1 : len(written)-1])
	if err != nil || n < 0 {
		return written, -1
	}
	return written[:at], n
}

// cutKey parts values[KEY].
func cutKey(name string) (element, key string) {
	at := strings.IndexByte(name, '[')
	if at <= 0 || !strings.HasSuffix(name, "]") {
		return name, ""
	}
	return name[:at], name[at+1 : len(name)-1]
}
