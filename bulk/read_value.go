package bulk

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"rator/card"
	"rator/store"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// forms say what has to stand where.
var forms = [...]string{
	text: "a text", day: `a date, as "1980-02-29"`, id: `an id: 18 digits in quotes, or a name such as "#1"`, amount: `an amount in quotes, as "12.50"`,
	moment: `a moment, as "2024-02-29T13:00:00Z"`, whole: "a whole number", truth: "true or false", object: "an object", list: "a list",
}

// value reads the next value, for the member that it is of.
func (in *input) value(m *member, p *plan, v reflect.Value) {
	c := in.next()
	switch p.form {
	case text, day, id, amount, moment:
		if c == '"' {
			in.texts(m, p, in.quoted(), v)
			return
		}
	case whole:
		if c == '-' || '0' <= c && c <= '9' {
			in.whole(p, v)
			return
		}
	case truth:
		if c == 't' || c == 'f' {
			v.SetBool(in.literal() == "true")
			return
		}
	case list:
		if c == '[' {
			in.list(m, p, v)
			return
		}
	case object:
		if c == '{' {
			if p.pointer {
				v.Set(reflect.New(p.of))
				v = v.Elem()
			}
			in.object(p, v, false)
			return
		}
	}
	switch {
	case c == 'n':
		in.mistake("must be %s, not null; leave out what there is not", forms[p.form])
	default:
		in.mistake("must be %s, not %s", forms[p.form], in.kind())
	}
	in.skip(0)
}

func (in *input) list(m *member, p *plan, v reflect.Value) {
	in.at++
	for more := !in.take(']'); more && in.broken == ""; more = in.more(']') {
		n := v.Len()
		if n == v.Cap() {
			v.Grow(max(n, 2))
		}
		v.SetLen(n + 1)
		in.push(step{n: n})
		in.value(m, p.each, v.Index(n))
		in.pop()
	}
}

func (in *input) whole(p *plan, v reflect.Value) {
	raw := in.literal()
	n, err := strconv.ParseInt(raw, 10, v.Type().Bits())
	if err != nil {
		in.mistake("%s is not a whole number", quote(raw))
		return
	}
	v.SetInt(n)
}

// texts reads what is a text in JSON, whatever it means.
func (in *input) texts(m *member, p *plan, s string, v reflect.Value) {
	if in.broken != "" {
		return
	}
	switch p.form {
	case id:
		in.id(m, s, v)
	case amount:
		in.amount(s, v)
	case moment:
		at, err := time.Parse(time.RFC3339, s)
		ok := err == nil && strict(s) && at.Year() <= 9999 && at.Year() >= 1
		if !ok && in.days {
			in.mistake("%s is neither a day that there is, as %q, nor a moment, as %q", quote(s), "2024-02-29", "2024-02-29T13:00:00Z")
			return
		}
		if !ok {
			in.mistake("%s is not a moment that there is, as %q", quote(s), "2024-02-29T13:00:00Z")
			return
		}
		*v.Addr().Interface().(*time.Time) = at.UTC()
	default:
		in.plain(m, p, s, v)
	}
}

// strict reports whether a moment that time.Parse reads is written as RFC 3339 has it.
func strict(s string) bool {
	const hours, minutes = len("2006-01-02T15"), len("2006-01-02T15:04:05")
	return len(s) > minutes && s[hours] == ':' && s[minutes] != ','
}

func (in *input) plain(m *member, p *plan, s string, v reflect.Value) {
	switch {
	case strings.IndexByte(s, 0) >= 0:
		in.mistake("holds the character U+0000, which nothing keeps; leave it out")
		return
	case p.words != nil:
		at := slices.Index(p.words, s)
		if at < 0 {
			in.mistake("%s must be %s%s", quote(s), oneOf(p.words), contract.Suggest(s, p.words))
			return
		}
		s = p.words[at] // which does not keep the line
	case p.form == day && !in.kept:
		if _, err := value.ParseDate(s, time.UTC); err != nil {
			in.mistake("%s is not a day that there is, as %q", quote(s), "1980-02-29")
			return
		}
	case p.longest > 0 && len(s) > p.longest && utf8.RuneCountInString(s) > p.longest:
		in.mistake("has %d characters; it may have %d", utf8.RuneCountInString(s), p.longest)
		return
	case !in.kept && card.Holds(s) && !m.may(s):
		in.mistake("looks like the number of a payment card, which is not kept (docs/cards.md); leave it out, or write xxxxxx and its last four digits")
		return
	}
	v.SetString(s)
}

// may reports whether a text is a number that may look like a card's where it stands.
func (m *member) may(s string) bool {
	phone := m.field == "Number" || m.field == "Identifier" // digits of E.164, which no key says
	return m.card == card.Identifier || card.Identifies(m.name, s) || phone && card.Identifies("MSISDN", s)
}

func oneOf(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// longestAmount is how many characters an amount has at most.
const longestAmount = 40

func (in *input) amount(s string, v reflect.Value) {
	d, err := decimal.NewFromString(s)
	if err != nil || len(s) > longestAmount || !amountLiteral(s) {
		in.mistake("%s is not an amount, as %q", quote(s), "12.50")
		return
	}
	*v.Addr().Interface().(*decimal.Decimal) = d
}

// amountLiteral reports whether an amount is written as amountForm has it.
func amountLiteral(s string) bool {
	before, after, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return digits(before) && (!point || digits(after))
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// longestName is how many bytes the name of an id has at most.
const longestName = 100

func (in *input) id(m *member, s string, v reflect.Value) {
	if n, ok := parseID(s); ok {
		v.SetInt(int64(n))
		return
	}
	named := strings.HasPrefix(s, "#") && len(s) > 1
	switch {
	case s == "" || len(s) > longestName:
		in.mistake("%s must be %s", quote(s), forms[id])
		return
	case !named && !in.foreign:
		in.mistake("%s is not an id of 18 digits, which begin with a date as yyyyMMddHHmmss; with --ids FILE each such id gets one of ours, which FILE tells; a name of this line alone begins with #", quote(s))
		return
	}
	stand, n := in.c.names.standIn(s)
	if m.own {
		if n.declared {
			in.mistake("%s is the id of something before it in this line", quote(s))
		}
		n.declared = true
	}
	if n.first == "" {
		n.first = in.path.String()
	}
	v.SetInt(int64(stand))
}

// parseID reads 18 digits that begin with a moment that there is.
func parseID(s string) (store.ID, bool) {
	n, err := store.ParseID(s)
	if err != nil || n == 0 {
		return 0, false
	}
	of := func(from int) int { return int(s[from]-'0')*10 + int(s[from+1]-'0') }
	month, day := of(4), of(6)
	ok := month >= 1 && month <= 12 && day >= 1 && day <= 28 && of(8) < 24 && of(10) < 60 && of(12) < 60
	return n, ok || day > 28 && !n.Time().IsZero()
}
