package billing

import (
	"fmt"
	"strings"
	"testing"

	"rator/billing/document"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// TestDocumentCutsNothing: names, texts and the name of the brand are whole, however
// long, also where a word is longer than its line.
func TestDocumentCutsNothing(t *testing.T) {
	b := open(t)
	var p person
	name, street := strings.Repeat("Bartholomäus", 12), strings.TrimSpace(strings.Repeat("Lange Straße ", 12))
	b.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		brand.Name = strings.TrimSpace(strings.Repeat("Bøger & Télécom ", 12))
		if err := catalogue.Brands.Put(tx, brand); err != nil {
			return err
		}
		p, err = signUpIn(tx, brand, "MONTH", customer.Private, customer.UserFields{FirstName: "Zoë", LastName: name, Street: street, ZIP: "5000", City: "Odense"})
		return err
	})
	text := strings.TrimSpace(strings.Repeat("Donaudampfschifffahrtsgesellschaftskapitänskajüte, deck 7, ", 3))
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		for range 40 {
			if _, err := AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("1"), Text: text}); err != nil {
				return err
			}
		}
		return nil
	})
	b.run("2026-02-01")
	joined := ""
	for n, page := range pages(t, b.document(p, 0)) {
		text := strings.Join(page, "")
		if rows, whole := strings.Count(text, "2026-01-01Donau"), strings.Count(text, "1.00"); n > 0 && rows == 0 && whole > 4 {
			t.Errorf("page %d begins within a row", n+1)
		}
		joined += text
	}
	joined = squeezed(joined)
	for what, want := range map[string]string{"name": "Zoë" + name, "street": street, "brand": strings.TrimSpace(strings.Repeat("Bøger & Télécom ", 12))} {
		if !strings.Contains(joined, squeezed(want)) {
			t.Errorf("the %s is not whole:\n%s", what, joined)
		}
	}
	if n := strings.Count(joined, squeezed(text+"1.00")); n != 40 {
		t.Errorf("%d of 40 texts are whole and beside their amounts", n)
	}
	if strings.Contains(joined, "…") {
		t.Error("something is cut")
	}
}

func squeezed(s string) string { return strings.ReplaceAll(s, " ", "") }

// TestDocumentTellsMissingLetters: those that no font has, each once, in order; they
// are drawn, under their own codes, and so found by who searches.
func TestDocumentTellsMissingLetters(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "王小明")
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("1"), Text: "ไทย 王 Nguyễn ₺₹₦₽€ שלום"})
		return err
	})
	b.run("2026-02-01")
	i := b.invoicesOf(p)[0]
	b.look(func(tx store.Tx, _ *catalogue.Brand) error {
		_, missing, err := document.PDF(tx, i, nil)
		if got, want := fmt.Sprintf("%c", missing), "[ท ย ไ 小 明 王]"; got != want {
			t.Errorf("missing are %s, not %s", got, want)
		}
		return err
	})
	text := strings.Join(pages(t, b.document(p, 0))[0], "|")
	for _, want := range []string{"王小明", "|ไทย 王 Nguyễn ₺₹₦₽€ םולש|"} {
		if !strings.Contains(text, want) {
			t.Errorf("it says %s, not %s", text, want)
		}
	}
}

// TestARowLongerThanAPage goes on over pages.
func TestARowLongerThanAPage(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	words := make([]string, 2000)
	for n := range words {
		words[n] = fmt.Sprintf("word%d", n)
	}
	for _, text := range []string{strings.Join(words, " "), "end"} {
		b.do(func(tx store.Tx, brand *catalogue.Brand) error {
			_, err := AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("1"), Text: text})
			return err
		})
	}
	b.run("2026-02-01")
	all := pages(t, b.document(p, 0))
	text := ""
	for _, page := range all {
		text += " " + strings.Join(page, " ")
	}
	at := 0
	for _, w := range append(words, "end") {
		next := strings.Index(text[at:], w)
		if next < 0 {
			t.Fatalf("%s is not there, or before the one before it", w)
		}
		at += next
	}
	if len(all) < 4 || len(all) > 15 {
		t.Errorf("%d pages", len(all))
	}
}
