package compare_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"rator/replay/compare"
)

// BenchmarkAnswers compares a usual answer, an account with a line, with itself
// written the same, with other ids, and with a difference.
func BenchmarkAnswers(b *testing.B) {
	src, err := os.ReadFile(recorded + "/SOAP_GET_ACCOUNT/05-success.response.xml")
	if err != nil {
		b.Fatal(err)
	}
	for name, got := range map[string][]byte{
		"same bytes":   src,
		"other ids":    regexp.MustCompile(`>2026(\d{14})<`).ReplaceAll(src, []byte(">2027${1}<")),
		"written else": bytes.ReplaceAll(src, []byte("</S:Envelope>"), []byte("</S:Envelope>\n")),
		"different":    bytes.ReplaceAll(src, []byte("ACTIVE"), []byte("CLOSED")),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := compare.Answers(src, got, &compare.Options{IDs: &compare.IDs{}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkGrowth shows that the time for an item does not grow with their number,
// also when each of them differs.
func BenchmarkGrowth(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var want, got strings.Builder
			for i := range n {
				want.WriteString(item("I", fmt.Sprint(i)))
				got.WriteString(item("I", fmt.Sprint(-i-1)))
			}
			w, g := []byte(answer(list("L", want.String()))), []byte(answer(list("L", got.String())))
			for b.Loop() {
				if _, err := compare.Answers(w, g, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/item")
		})
	}
}
