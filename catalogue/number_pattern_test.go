package catalogue

import "testing"

func TestNumberPatternFormat(t *testing.T) {
	for _, test := range []struct {
		pattern NumberPattern
		n       int64
		want    string
	}{
		{defaultInvoiceNumber, 1, "INV-000001"},
		{defaultInvoiceNumber, 1234567, "INV-1234567"},
		{defaultCreditNoteNumber, 42, "CN-000042"},
		{"{brand}-{year}-{n:6}", 7, "DEMO_2-2026-000007"},
		{"{n}", 7, "7"},
		{"{n:12}/A.b_9", 7, "000000000007/A.b_9"},
	} {
		if got := test.pattern.Format("DEMO_2", 2026, test.n); got != test.want || test.pattern.fault() != "" {
			t.Errorf("%s of %d: %s, want %s; fault %q", test.pattern, test.n, got, test.want, test.pattern.fault())
		}
	}
}

func TestNumberPatternFaults(t *testing.T) {
	for _, p := range []NumberPattern{"", "INV", "INV-{N}", "{n}{n}", "{n:0}", "{n:13}", "{n:123}", "{n:}", "{year:4}{n}", "{month}{n}", "Nr. {n}", "Ø{n}",
		"{n", "n}", "{{n}}", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNO{n}"} {
		if p.fault() == "" {
			t.Errorf("%q has no fault; it gives %s", p, p.Format("DEMO", 2026, 1))
		}
	}
}

// TestNumberPatternsDiffer: two series may have patterns that can make no number twice.
func TestNumberPatternsDiffer(t *testing.T) {
	for _, test := range []struct {
		one, other NumberPattern
		want       bool
	}{
		{defaultInvoiceNumber, defaultCreditNoteNumber, true},
		{"{n}", "{n}", false},
		{"{n}", "CN{n}", true},
		{"{n}", "{n}C", true},
		{"1{n}", "{n}", false},
		{"1{n}", "2{n}", true},
		{"{year}-{n}", "{year}-C{n}", true},
		{"{year}-{n}", "{n}-{year}", false},
		{"{year}-{n}", "{year}/{n}", true},
		{"{brand}{n}", "DEMO{n}", false},
		{"{brand}{n}", "DEMONS{n}", true},
		{"{n:6}", "{n:8}", false},
		{"A{n}X", "A{n}Y", true},
	} {
		for _, pair := range [][2]NumberPattern{{test.one, test.other}, {test.other, test.one}} {
			if got := pair[0].differs(pair[1], "DEMO"); got != test.want {
				t.Errorf("%s and %s differ: %v, want %v", pair[0], pair[1], got, test.want)
			}
		}
	}
}
