package bulk

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"rator/card"
	"rator/customer"
	"rator/store"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// mostMistakes is how many mistakes of a line are told.
const mostMistakes = 50

// Reader reads lines. The zero Reader takes ids of 18 digits, and names.
type Reader struct {
	// ForeignIDs takes ids of another system, in any form, for names: Complete gives them
	// ids of ours, and Customer.Ids tells which.
	ForeignIDs bool
}

// Read is what the zero Reader reads.
func Read(line []byte) (*Customer, []Mistake) { return Reader{}.Read(line) }

// Read reads a line, strictly: each thing that is wrong is a mistake, as far as what
// follows can be read. With mistakes the customer is not whole. What came without an id,
// or with a name, has a stand-in for one, below 0.
func (r Reader) Read(line []byte) (*Customer, []Mistake) {
	c := &Customer{}
	in := input{scanner: scanner{text: string(line)}, foreign: r.ForeignIDs, c: c}
	in.line(line)
	return c, in.mistakes
}

// input is one line that is being read.
type input struct {
	scanner
	foreign  bool
	c        *Customer
	path     trail
	mistakes []Mistake
}

// step is a member, or an element of a list where name is "".
type step struct {
	name string
	n    int
}

func (in *input) line(raw []byte) {
	switch {
	case !utf8.Valid(raw):
		in.at = firstOdd(raw)
		in.wrong("a byte is not UTF-8; write the file in UTF-8")
	case in.next() != '{':
		in.wrong("%s; a line is one JSON object, which begins with {", in.found())
	default:
		in.object(linePlan(), reflect.ValueOf(in.c).Elem(), true)
		if in.next() != 0 {
			in.wrong("%s behind the object; a line is one customer", in.found())
		}
	}
	if in.broken != "" {
		in.path = nil
		in.mistake("is no JSON object: %s", in.broken)
		return
	}
	if len(in.mistakes) > 0 && in.mistakes[0].Path == "format" {
		in.mistakes = in.mistakes[:1] // of another format, all is wrong
		return
	}
	in.finish()
}

func firstOdd(raw []byte) int {
	at := 0
	for r, n := utf8.DecodeRune(raw); r != utf8.RuneError || n > 1; r, n = utf8.DecodeRune(raw[at:]) {
		at += n
	}
	return at
}

// finish is what can be said when all was read.
func (in *input) finish() {
	in.path = nil
	c := in.c
	if c.Account == nil {
		in.missing("account", "is missing: a customer has one")
		c.Account = &customer.Account{}
	}
	if len(c.Users) == 0 {
		in.missing("users", "is missing: a customer has at least one")
	}
	var declared []string
	for _, n := range c.names.all {
		if n.declared && n.text != "" {
			declared = append(declared, n.text)
		}
	}
	for _, n := range c.names.all {
		if !n.declared {
			in.add(n.first, fmt.Sprintf("%s is the id of nothing in this line%s", quote(n.text), contract.Suggest(n.text, declared)))
		}
	}
	in.imply()
}

// missing says so of what is not there, and was not there in another form.
func (in *input) missing(path, text string) {
	if !slices.ContainsFunc(in.mistakes, func(m Mistake) bool { return m.Path == path }) {
		in.add(path, text)
	}
}

// imply gives what belongs to the customer its account and brand, where it says none.
func (in *input) imply() {
	v, p := reflect.ValueOf(in.c).Elem(), linePlan()
	for n := range p.members {
		of := p.members[n].plan
		if of.form != list || of.each.form != object {
			continue
		}
		parts := p.members[n].at(v)
		for k := range of.each.members {
			m := &of.each.members[k]
			if m.implied == zero {
				continue
			}
			for i := range parts.Len() {
				switch field := m.at(parts.Index(i).Elem()); {
				case m.implied == account && field.Int() == 0:
					field.SetInt(int64(in.c.Account.ID))
				case m.implied == brand && field.Len() == 0:
					field.SetString(in.c.Account.Brand)
				}
			}
		}
	}
}

func (in *input) mistake(format string, args ...any) {
	in.add(in.path.String(), fmt.Sprintf(format, args...))
}

func (in *input) add(path, text string) {
	if len(in.mistakes) < mostMistakes {
		in.mistakes = append(in.mistakes, Mistake{path, text})
	}
}

// trail is a path, from the line on.
type trail []step

func (t trail) String() string {
	var b strings.Builder
	for _, s := range t {
		switch {
		case s.name == "":
			b.WriteString("[" + strconv.Itoa(s.n) + "]")
		case b.Len() > 0:
			b.WriteString("." + s.name)
		default:
			b.WriteString(s.name)
		}
	}
	return b.String()
}

func (in *input) push(s step) { in.path = append(in.path, s) }
func (in *input) pop()        { in.path = in.path[:len(in.path)-1] }

// object reads the object at hand; line says that it is all of the line.
func (in *input) object(p *plan, v reflect.Value, line bool) {
	in.at++
	var seen uint64
	own, formatted := false, false
	for more, next := !in.take('}'), 0; more && in.broken == ""; more = in.more('}') {
		if in.next() != '"' {
			in.wrong("the name of a member is missing: %s", in.found())
			return
		}
		name := in.quoted()
		if !in.need(':', "after the name of a member") {
			return
		}
		if line && name == "format" {
			in.format(formatted)
			formatted = true
			continue
		}
		at := p.find(name, next)
		if at < 0 {
			in.unknown(p, name, line)
			continue
		}
		m := &p.members[at]
		next = at + 1
		in.push(step{name: m.name})
		if seen&(1<<at) != 0 {
			in.mistake(twice)
			in.skip(0)
		} else {
			seen |= 1 << at
			own = own || m.own
			in.value(m, m.plan, m.at(v))
		}
		in.pop()
	}
	if p.thing && !own && in.broken == "" {
		stand, n := in.c.names.standIn("")
		n.declared = true
		p.members[0].at(v).SetInt(int64(stand))
	}
	if line && !formatted && in.broken == "" {
		in.mistakes = slices.Insert(in.mistakes, 0, Mistake{"format", fmt.Sprintf("is missing; a line begins with {\"format\":%q", Format)})
	}
}

// twice is said of a member that an object has more than once.
const twice = "stands there twice; leave one of them out"

// more goes on to the next member or element, if there is one before the end.
func (in *input) more(end byte) bool {
	if in.broken != "" || in.take(',') {
		return in.broken == ""
	}
	in.need(end, "after a value")
	return false
}

// find is the member with a name, which is most often next; -1 = there is none.
func (p *plan) find(name string, next int) int {
	for at := next; at < min(next+3, len(p.members)); at++ {
		if p.members[at].name == name {
			return at
		}
	}
	if at, ok := p.byName[name]; ok {
		return at
	}
	return -1
}

func (in *input) unknown(p *plan, name string, line bool) {
	known := make([]string, 0, len(p.members))
	for n := range p.members {
		known = append(known, p.members[n].name)
	}
	if line {
		known = append(known, "format")
	}
	in.push(step{name: strings.Trim(quote(name), `"`)})
	in.mistake("is no member of this%s", contract.Suggest(name, known))
	in.pop()
	in.skip(0)
}

// format reads the version of the format; again says that it stood there before.
func (in *input) format(again bool) {
	in.push(step{name: "format"})
	defer in.pop()
	if again {
		in.mistake(twice)
		in.skip(0)
		return
	}
	if in.next() != '"' {
		in.mistake("must be the text %q, not %s", Format, in.kind())
		in.skip(0)
		return
	}
	said := in.quoted()
	version, ours := strings.CutPrefix(said, formatName+"/")
	switch n, err := strconv.Atoi(version); {
	case said == Format:
	case ours && err == nil && n > formatVersion:
		in.mistake("%s is newer than this program, which reads %s; take a newer one", quote(said), Format)
	default:
		in.mistake("%s is no format of customers; write %q", quote(said), Format)
	}
}

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
		if err != nil || !strict(s) || at.Year() > 9999 || at.Year() < 1 {
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
	case p.form == day:
		if _, err := value.ParseDate(s, time.UTC); err != nil {
			in.mistake("%s is not a day that there is, as %q", quote(s), "1980-02-29")
			return
		}
	case p.longest > 0 && len(s) > p.longest && utf8.RuneCountInString(s) > p.longest:
		in.mistake("has %d characters; it may have %d", utf8.RuneCountInString(s), p.longest)
		return
	case card.Holds(s) && !m.may(s):
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
