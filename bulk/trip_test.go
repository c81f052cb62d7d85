package bulk

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"rator/customer"
	"rator/store"
)

// filler gives every member of a line a value of its own that may stand there.
type filler struct{ n int }

func (f *filler) fill(m *member, p *plan, v reflect.Value, each int) {
	f.n++
	if p.pointer {
		v.Set(reflect.New(p.of))
		v = v.Elem()
	}
	switch p.form {
	case text:
		switch {
		case p.words != nil:
			v.SetString(p.words[f.n%len(p.words)])
		case p.longest > 0 && p.longest < 12:
			v.SetString(strings.Repeat("x", p.longest))
		default:
			v.SetString(fmt.Sprintf("text <%d> \"é", f.n))
		}
	case day:
		v.SetString("1980-02-29")
	case id:
		v.SetInt(int64(store.FirstIDAt(time.Date(2024, 2, 29, 13, 0, 0, 0, time.UTC))) + int64(f.n))
	case amount:
		v.Set(reflect.ValueOf(decimal.New(int64(f.n), -2)))
	case moment:
		v.Set(reflect.ValueOf(time.Date(2024, 2, 29, 13, 0, 0, f.n*1000, time.UTC)))
	case whole:
		v.SetInt(int64(f.n))
	case truth:
		v.SetBool(true)
	case list:
		v.Set(reflect.MakeSlice(v.Type(), each, each))
		for n := range each {
			f.fill(m, p.each, v.Index(n), each)
		}
	case object:
		for n := range p.members {
			f.fill(&p.members[n], p.members[n].plan, p.members[n].at(v), each)
		}
	}
}

func filled(each int) *Customer {
	c := &Customer{}
	(&filler{}).fill(nil, linePlan(), reflect.ValueOf(c).Elem(), each)
	return c
}

// same compares customers by what is exported of them.
var same = cmp.Options{cmp.FilterPath(func(p cmp.Path) bool {
	field, ok := p.Last().(cmp.StructField)
	return ok && (field.Name() == "names" || field.Name() == "now")
}, cmp.Ignore()), cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })}

func TestWhatIsWrittenIsReadTheSame(t *testing.T) {
	t.Parallel()
	c := filled(2)
	line := Append(nil, c, Options{PasswordHashes: true})
	read, mistakes := (Reader{}).Read(line)
	if len(mistakes) > 0 {
		t.Fatalf("%v\nin %s", mistakes, line)
	}
	if diff := cmp.Diff(c, read, same); diff != "" {
		t.Errorf("what was read differs (-written +read):\n%s", diff)
	}
}

// TestWhatAStoreTookIsTaken: of a thing that a store kept, which says its version, texts are
// taken that are refused of others: an earlier version may have kept them.
func TestWhatAStoreTookIsTaken(t *testing.T) {
	t.Parallel()
	for _, fields := range []customer.UserFields{{Birthday: "29 Feb 1981"}, {Company: "4111 1111 1111 1111"}} {
		read := func(version int64) (*Customer, []Mistake) {
			a, u := &customer.Account{}, &customer.User{UserFields: fields}
			a.ID, a.Brand, u.ID, u.Version = 201501010000000001, "DEMO", 201501010000000002, version
			u.Account, u.Brand = a.ID, a.Brand
			return (Reader{}).Read(Append(nil, &Customer{Whole: customer.Whole{Account: a, Users: []*customer.User{u}}}, Options{}))
		}
		if c, mistakes := read(3); len(mistakes) > 0 || c.Users[0].UserFields != fields {
			t.Errorf("%+v: %v", fields, mistakes)
		}
		if _, mistakes := read(0); len(mistakes) != 1 {
			t.Errorf("of a new one %+v: %v", fields, mistakes)
		}
	}
}

func TestPasswordHashesAreWrittenOnRequestAlone(t *testing.T) {
	t.Parallel()
	u := &customer.User{PasswordHash: "hash", NewPassword: customer.NewPassword{TokenHash: "token"}}
	c := &Customer{Whole: customer.Whole{Account: &customer.Account{}, Users: []*customer.User{u}}}
	if line := string(Append(nil, c, Options{})); strings.Contains(line, "hash") || strings.Contains(line, "token") {
		t.Error(line)
	}
	if line := string(Append(nil, c, Options{PasswordHashes: true})); !strings.Contains(line, "hash") || !strings.Contains(line, "token") {
		t.Error(line)
	}
}
