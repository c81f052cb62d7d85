package bulk

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"rator/card"
	"rator/catalogue"

	"rator/store"
	"rator/tmf/resource"
)

// form is what the values of a type look like in a line.
type form uint8

const (
	text   form = iota
	day         // a text that means a date
	id          // 18 digits, or a name
	amount      // a text that is a decimal
	moment      // a text of RFC 3339
	whole       // a number
	truth
	object
	list
)

// plan is how the values of a type are read, written and described.
type plan struct {
	form    form
	of      reflect.Type // what a pointer leads to
	pointer bool
	members []member // of an object
	byName  map[string]int
	each    *plan    // of a list
	words   []string // the only texts there are; nil = all
	longest int      // characters; 0 = no limit
	ids     bool     // it is an id, or holds some
	thing   bool     // an object that is kept: it has an id
}

// member is a member of an object.
type member struct {
	name    string
	lead    string // "name":
	key     string // under which it travels, "" = none
	field   string // Go's
	index   []int  // where it is, through embedded structs
	plan    *plan
	own     bool // the id of the thing itself
	version bool // how often it was written
	secret  bool // written only on request
	implied implied
	card    card.Kind // as the contracts say of its key
	desc    string
}

// implied says what a member is that is left out.
type implied uint8

const (
	zero    implied = iota
	account         // the id of the account
	brand           // the account's brand
)

// mostMembers is how many members an object has at most.
const mostMembers = 64

// linePlan is the plan of a line. Account and brand of what stands in its lists are the
// account's own where they say no other.
var linePlan = sync.OnceValue(func() *plan {
	p := planOf(reflect.TypeFor[Customer](), member{})
	for n := range p.members {
		m := &p.members[n]
		if m.plan.of == reflect.TypeFor[resource.Written]() {
			m.plan.documents()
		}
		if m.plan.form != list || m.plan.each.form != object {
			continue
		}
		for k := range m.plan.each.members {
			switch part := &m.plan.each.members[k]; {
			case part.field == "Account" && part.plan.form == id:
				part.implied = account
			case part.field == "Brand" && part.plan.form == text:
				part.implied = brand
			}
		}
	}
	return p
})

// documents says that the texts of an object, at any depth, are whole documents, which were
// looked at when a client sent them.
func (p *plan) documents() {
	for n := range p.members {
		m := &p.members[n]
		m.card = card.Identifier
		for of := m.plan; of != nil; of = of.each {
			of.documents()
		}
	}
}

// planOf plans a type, for the member that has it.
func planOf(t reflect.Type, m member) *plan {
	p := &plan{of: t}
	if t.Kind() == reflect.Pointer {
		p = planOf(t.Elem(), m)
		p.pointer = true
		return p
	}
	switch t {
	case reflect.TypeFor[store.ID]():
		p.form, p.ids = id, true
		return p
	case reflect.TypeFor[time.Time]():
		p.form = moment
		return p
	case reflect.TypeFor[decimal.Decimal]():
		p.form = amount
		return p
	}
	switch t.Kind() {
	case reflect.String:
		p.form = text
		if words, ok := reflect.Zero(t).Interface().(catalogue.Enumeration); ok {
			p.words = words.Values()
		}
	case reflect.Bool:
		p.form = truth
	case reflect.Int, reflect.Int64:
		p.form = whole
	case reflect.Slice:
		p.form, p.each = list, planOf(t.Elem(), m)
		p.ids = p.each.ids
	case reflect.Struct:
		p.form, p.byName = object, map[string]int{}
		p.add(t, nil)
	default:
		panic(fmt.Sprintf("bulk: %s, %s, has no form in a line", m.field, t))
	}
	return p
}

// add adds the fields of a struct, those of embedded ones among them.
func (p *plan) add(t reflect.Type, index []int) {
	for n := range t.NumField() {
		f := t.Field(n)
		at := append(append([]int{}, index...), n)
		switch {
		case f.Type == reflect.TypeFor[store.Base]():
			p.thing = true
			p.put(member{name: "id", field: "ID", index: append(at, 0), own: true, plan: &plan{form: id, of: reflect.TypeFor[store.ID](), ids: true},
				desc: "18 digits, kept as they are; a name such as \"#1\" for a new one; left out: a new one"})
			p.put(member{name: "version", field: "Version", index: append(at, 1), version: true, plan: &plan{form: whole, of: reflect.TypeFor[int64]()},
				desc: "how often it was written: says that it comes from rator export, and is whole"})
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			p.add(f.Type, at)
		case !f.IsExported(), f.Tag.Get("json") == "-":
		default:
			m := member{key: f.Tag.Get("key"), field: f.Name, index: at}
			m.name = snake(f.Name)
			if m.key != "" {
				if _, taken := p.byName[strings.ToLower(m.key)]; !taken {
					m.name = strings.ToLower(m.key)
				}
			}
			m.plan = planOf(f.Type, m)
			m.secret = store.AuditOf(snake(t.Name())).Secret(f.Name)
			m.take(t)
			p.put(m)
		}
	}
}

func (p *plan) put(m member) {
	if _, taken := p.byName[m.name]; taken || len(p.members) == mostMembers {
		panic(fmt.Sprintf("bulk: %s has two members %s, or more than %d", p.of, m.name, mostMembers))
	}
	m.lead = `"` + m.name + `":`
	p.byName[m.name] = len(p.members)
	p.members = append(p.members, m)
	p.ids = p.ids || m.plan.ids
}

// snake is a Go name as members are named: IBANNumber is iban_number.
func snake(name string) string {
	var b strings.Builder
	capital := func(i int) bool { return i < len(name) && 'A' <= name[i] && name[i] <= 'Z' }
	for i := range len(name) {
		if capital(i) && i > 0 && (!capital(i-1) || i+1 < len(name) && !capital(i+1)) {
			b.WriteByte('_')
		}
		b.WriteByte(name[i])
	}
	return strings.ToLower(b.String())
}

// at is the member of an object.
func (m *member) at(v reflect.Value) reflect.Value {
	for _, n := range m.index {
		v = v.Field(n)
	}
	return v
}
