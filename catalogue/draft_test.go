package catalogue

import (
	"strings"
	"testing"
	"time"
)

// drafted are right answers, with some others.
func drafted(t *testing.T, others Draft) Draft {
	t.Helper()
	given := Draft{"brand": "ACME", "name": `Ac"me \ Åse`, "country": "Norge", "zone": "Europe/Oslo", "tax": "25"}
	for name, answer := range others {
		given[name] = answer
	}
	d := Draft{}
	for _, q := range Questions {
		answer := given[q.Name]
		if answer == "" {
			answer = q.Usual(d)
		}
		if err := q.Take(d, answer); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// TestDraftIsACatalogue: whatever is answered, the file has no mistakes and no warnings,
// and says what was answered.
func TestDraftIsACatalogue(t *testing.T) {
	for _, others := range []Draft{
		nil,
		{"tax": "none", "price": "19.5", "country": "US", "product": "p", "product-name": "Line"},
		{"country": "JP", "price": "2900", "tax": "10 %"},
		{"country": "Kuwait", "price": "1.125", "tax": "0"},
		{"country": "Antarctica", "currency": "eur"},
	} {
		d := drafted(t, others)
		src := d.File(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
		f, mistakes := Load("draft.toml", src)
		if len(mistakes) > 0 {
			t.Errorf("%v: %s\n%s", others, mistakes, src)
			continue
		}
		o := f.Brands[0]
		if len(f.Warnings()) > 0 || o.Key != d["brand"] || o.Name != d["name"] || o.Country != d["country"] || o.Currency != d["currency"] || o.TimeZone != d["zone"] ||
			o.ProductConfigs[0].Code != d["product"] || o.Options[0].RecurrentPrice.String() != d["price"] || (len(o.Taxes) == 0) != (d["tax"] == noTax) || o.CatalogueID != "202601020304050001" {
			t.Errorf("%v: %+v\n%s", others, d, src)
		}
	}
	if d := drafted(t, nil); d["country"] != "NO" || d["currency"] != "NOK" {
		t.Errorf("%v", d)
	}
}

// TestDraftWithoutComments: with every # before a key taken away the file is one, too, once
// the ids are in it.
func TestDraftWithoutComments(t *testing.T) {
	var lines []string
	for line := range strings.Lines(string(drafted(t, nil).File(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))) {
		if rest, commented := strings.CutPrefix(line, "# "); commented && (strings.HasPrefix(rest, "[[") || strings.Contains(rest, " = ")) {
			line = rest
		}
		lines = append(lines, line)
	}
	if _, mistakes := Load("draft.toml", []byte(strings.Join(lines, ""))); len(mistakes) > 0 {
		t.Errorf("%s", mistakes)
	}
}

// TestWrongAnswers: each names the answer, and what it may be.
func TestWrongAnswers(t *testing.T) {
	for _, c := range []struct{ question, answer, want string }{
		{"brand", "acme", `brand "acme": it must be 2 to 32 capitals`},
		{"name", " ", `name " ": it must be a name`},
		{"country", "Atlantis", "ISO 3166-1 code: AC, AD, AE, "},
		{"currency", "FOO", "a currency in use: AED, AFN, "},
		{"zone", "Oslo", "such as Europe/Oslo"},
		{"tax", "101", "0 to 100, in percent"},
		{"tax", "-1", "0 to 100, in percent"},
		{"tax", "1e3", "0 to 100, in percent"},
		{"tax", "0.1234567", "at most 6 decimals"},
		{"product", "1", "beginning with a letter"},
		{"price", "1.999", "in NOK, with a point and at most 2 decimals, such as 19.90"},
		{"price", "-1", "0 or more"},
		{"price", "9,90", "with a point"},
	} {
		d := drafted(t, nil)
		for _, q := range Questions {
			if q.Name != c.question {
				continue
			}
			before := d[q.Name]
			if err := q.Take(d, c.answer); err == nil || !strings.Contains(err.Error(), c.want) || d[q.Name] != before {
				t.Errorf("%s %q: %v, want %s", c.question, c.answer, err, c.want)
			}
		}
	}
}
