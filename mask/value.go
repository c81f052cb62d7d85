package mask

// Value is what something with a name holds, such as a property, without its secret:
// all of it when the name says that it is one, else as a message.
func (m *Masker) Value(name, v string) string {
	if v != "" && named(name) && !m.kept(name) {
		return m.standIn(name, v)
	}
	return string(m.Message("text/plain", []byte(v)))
}
