package bulk

import "testing"

// BenchmarkRead reads a line of about 4 KB: a customer with two lines and an invoice.
func BenchmarkRead(b *testing.B) {
	line := Append(nil, filled(1), Options{})
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if _, mistakes := Read(line); len(mistakes) > 0 {
			b.Fatal(mistakes)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	c := filled(1)
	line := Append(nil, c, Options{})
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		line = Append(line[:0], c, Options{})
	}
}
