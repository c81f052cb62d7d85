package billing

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"rator/billing/document"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// document gives an invoice of a person as a PDF. With DOCUMENTS=DIR it is kept
// there to be looked at.
func (b *books) document(p person, n int) (doc []byte) {
	b.Helper()
	i := b.invoicesOf(p)[n]
	b.look(func(tx store.Tx, _ *catalogue.Brand) (err error) {
		doc, _, err = document.PDF(tx, i, nil)
		return err
	})
	if dir := os.Getenv("DOCUMENTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%s.pdf", b.Name(), i.Number)), doc, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return doc
}

var (
	stream = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	shown  = regexp.MustCompile(`(?s)\((.*?[^\\])\) Tj`)
)

// pages gives the texts of each page of a PDF, in the order they were written.
func pages(t *testing.T, doc []byte) (all [][]string) {
	t.Helper()
	for _, m := range stream.FindAllSubmatch(doc, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue
		}
		content, err := io.ReadAll(r)
		if err != nil || !bytes.Contains(content, []byte(") Tj")) {
			continue
		}
		var texts []string
		for _, s := range shown.FindAllSubmatch(content, -1) {
			texts = append(texts, utf16Text(s[1]))
		}
		all = append(all, texts)
	}
	return all
}

// utf16Text reads a string of a PDF: UTF-16, big endian, some bytes escaped.
func utf16Text(b []byte) string {
	b = []byte(strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r").Replace(string(b)))
	var units []uint16
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}

// TestDocument: what stands on an invoice, whatever the names are.
func TestDocument(t *testing.T) {
	b := open(t)
	var p person
	b.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		p, err = signUpIn(tx, brand, "MONTH", customer.Private, customer.UserFields{FirstName: "Zoë Łucja", LastName: "Ængström-Çelik Жуков Ωμέγα",
			Street: "Ålekistevej (bag)", StreetNumber: "7", ZIP: "5000", City: "Tórshavn", Country: "SE"})
		return err
	})
	b.charge(p, "DEBIT", "20")
	b.subscribe(p, "LINE")
	b.at("2026-01-11")
	b.life(p, customer.ActivateSubscription)
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("1234567.5"), Text: strings.Repeat("håndsæt ", 40) + "\n\x01😀"})
		return err
	})
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := OpenBalance(tx, brand, p.group, *money("-100.10"), "brought along")
		return err
	})
	b.run("2026-02-01")
	doc := b.document(p, 0)
	if !bytes.HasPrefix(doc, []byte("%PDF-1.")) || !bytes.Contains(doc, []byte("/MediaBox [0 0 595.28 841.89]")) {
		t.Errorf("%.200q is no A4 page", doc)
	}
	all := pages(t, doc)
	if len(all) != 1 {
		t.Fatalf("%d pages", len(all))
	}
	text := strings.Join(all[0], "|")
	for _, want := range []string{"Bøger & Télécom|Invoice|", "|Zoë Łucja Ængström-Çelik Жуков Ωμέγα|Ålekistevej (bag) 7|5000 Tórshavn|SE|", "|Invoice number|INV-000001|Date|2026-02-01|Due date|2026-02-15|Period|2026-01-01 – 2026-01-31|",
		"|Customer number|100001|Billing group|100001-1|", "|To be paid, DKK|1 234 897.60|by 2026-02-15. Please name INV-000001 with your payment.|", "|2026-01-01|Fee|20.00|", "|2026-01-11|håndsæt ", strings.Repeat("håndsæt ", 4) + "håndsæt|", "|1 234 567.50|",
		"|2026-01-11|Line|2026-01-11 – 2026-01-31|210.00|", "|Net|1 234 797.50|Total|1 234 797.50|Owed from before|100.10|To be paid, DKK|1 234 897.60|", "|Invoice INV-000001 · page 1 of 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("it says\n%s\nnot %q", text, want)
		}
	}
	b.pay(p, "100")
	b.at("2026-03-07")
	if again := b.document(p, 0); !bytes.Equal(doc, again) {
		t.Error("it changes with the time and with what is paid")
	}
}

// TestDocumentOfManyLines has all of them, over pages that each have the head of the
// table, and the sums on a page with a row, however many rows there are.
func TestDocumentOfManyLines(t *testing.T) {
	for _, lines := range []int{25, 26, 27, 28, 29, 30, 31, 425} {
		b := open(t)
		p := b.signUp("MONTH", "Øre")
		b.do(func(tx store.Tx, brand *catalogue.Brand) error {
			for n := range lines {
				if _, err := AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("1.5"), Text: fmt.Sprint("Call ", n+1)}); err != nil {
					return err
				}
			}
			return nil
		})
		b.run("2026-02-01")
		all := pages(t, b.document(p, 0))
		calls := 0
		for n, texts := range all {
			text := strings.Join(texts, "|")
			if !strings.Contains(text, fmt.Sprintf("page %d of %d", n+1, len(all))) || !strings.Contains(text, "Date|Description|Period|Amount|") {
				t.Errorf("page %d of %d lines says %s", n+1, lines, text)
			}
			for range strings.Count(text, "|Call ") {
				if calls++; !strings.Contains(text, fmt.Sprintf("|Call %d|1.50|", calls)) {
					t.Errorf("page %d of %d lines has not call %d", n+1, lines, calls)
				}
			}
		}
		if calls != lines {
			t.Errorf("%d of %d lines are shown", calls, lines)
		}
		last := strings.Join(all[len(all)-1], "|")
		if !strings.Contains(last, "|Call ") || !strings.Contains(last, "|Total|") || !strings.Contains(last, "|Net|") {
			t.Errorf("the last page of %d lines says %s", lines, last)
		}
		if lines == 425 && !strings.Contains(last, "|Net|637.50|Moms, 25 %|159.38|Total|796.88|To be paid, DKK|796.88|") {
			t.Errorf("the last page says %s", last)
		}
	}
}

// TestDocumentOfACreditNote asks for nothing.
func TestDocumentOfACreditNote(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "CREDIT", "80")
	b.at("2026-02-10")
	b.charge(p, "DEBIT", "40")
	b.run("2026-03-01")
	note := strings.Join(pages(t, b.document(p, 0))[0], "|")
	for _, want := range []string{"|Credit note|", "|Credit note number|CN-000001|", "|To be paid, DKK|0.00|The amount is credited to your account.|", "|Refund|-80.00|", "|Total|-100.00|To be paid, DKK|0.00|"} {
		if !strings.Contains(note, want) {
			t.Errorf("it says %s, not %q", note, want)
		}
	}
	next := strings.Join(pages(t, b.document(p, 1))[0], "|")
	for _, want := range []string{"|To be paid, DKK|0.00|Nothing is to be paid.|", "|Total|50.00|Paid in advance|-100.00|To be paid, DKK|0.00|"} {
		if !strings.Contains(next, want) {
			t.Errorf("it says %s, not %q", next, want)
		}
	}
}

// TestDocumentInYen has no decimals.
func TestDocumentInYen(t *testing.T) {
	b := open(t)
	p := b.signUp("YEN", "Sato")
	b.charge(p, "DEBIT", "12000")
	b.run("2026-02-01")
	text := strings.Join(pages(t, b.document(p, 0))[0], "|")
	if !strings.Contains(text, "|Fee|12 000|") || !strings.Contains(text, "|To be paid, JPY|15 000|") {
		t.Errorf("it says %s", text)
	}
}
