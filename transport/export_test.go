package transport

// Passed is what of a connection's bytes goes on to net/http.
func Passed(sent string) string {
	var f framing
	n, _ := f.pass([]byte(sent))
	return sent[:n]
}

// Look has a whole request go by, for a benchmark.
func Look(sent []byte) func() {
	var f framing
	return func() { f.pass(sent) }
}
