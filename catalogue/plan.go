package catalogue

import (
	"reflect"
	"time"

	"rator/failure"
	"rator/store"
)

// Change is what an import would do to one object.
type Change struct {
	What  string      `json:"what"`  // added, changed or retired
	Table string      `json:"table"` // of the file, as brand.tax
	Brand string      `json:"brand"`
	Code  string      `json:"code"` // "" = the brand itself
	ID    string      `json:"id"`
	Name  string      `json:"name"`
	From  string      `json:"from"` // the first day on which a price or a tax is another one; "" = none is, or it never was another one
	Keys  []KeyChange `json:"keys"` // what is another one; of prices and taxes on the day From
}

// KeyChange is a key that is another one, both as a file writes them; "" = it does not.
type KeyChange struct {
	Key string `json:"key"`
	Was string `json:"was"`
	Is  string `json:"is"`
}

// What becomes of an object.
const (
	becomesNew     = "added"
	becomesOther   = "changed"
	becomesRetired = "retired" // the file has it no more, or as retired
)

// Plan says what ImportFrom would do, and fails as it does. It writes nothing.
func Plan(tx store.Tx, f *File, day time.Time) (Changes, []Change, error) {
	plan := []Change{}
	changes, err := importFrom(tx, f, day, &plan)
	return changes, plan, err
}

// planNew plans to insert x.
func planNew[T any, P thing[T]](tx store.Tx, kind *store.Kind[T], x *T, from schedule) error {
	id := P(x).entry().CatalogueID
	_, err := kind.By(tx, byID, id)
	if err == nil {
		return IDTaken.With("%s", id)
	}
	if failure.KindOf(err) != failure.NotFound {
		return err
	}
	*from.plan = append(*from.plan, change[T, P](becomesNew, kind, x))
	return nil
}

func change[T any, P thing[T]](what string, kind *store.Kind[T], x *T) Change {
	c := Change{What: what, Table: "brand", Brand: P(x).brand(), Code: P(x).code(), ID: P(x).entry().CatalogueID, Name: P(x).entry().Name, Keys: []KeyChange{}}
	if kind.Name() != c.Table {
		c.Table += "." + kind.Name()
	}
	return c
}

// changeOf tells old and x apart.
func changeOf[T any, P thing[T]](kind *store.Kind[T], old, x *T) Change {
	c := change[T, P](becomesOther, kind, x)
	if P(x).entry().Retired && !P(old).entry().Retired {
		c.What = becomesRetired
	}
	was, is := *old, *x
	if d, ok := any(&is).(interface{ onDayOf(*T) string }); ok {
		c.From = d.onDayOf(&was)
	}
	first, second := reflect.ValueOf(was), reflect.ValueOf(is)
	for _, f := range fieldsOf(first.Type()) {
		a, b := first.FieldByIndex(f.index), second.FieldByIndex(f.index)
		if a.Kind() == reflect.Slice && a.Type().Elem().Kind() == reflect.Pointer {
			continue // what it says by the day is told for one of them
		}
		if was, is := written(a), written(b); was != is {
			c.Keys = append(c.Keys, KeyChange{f.name, was, is})
		}
	}
	return c
}

// written is a value as a file has it; "" = it has none.
func written(v reflect.Value) string {
	if v.IsZero() || isZeroPrice(v) {
		return ""
	}
	return literal(v)
}

// onDayOf gives both options the prices of the first day on which they are not the same,
// and that day.
func (o *Option) onDayOf(old *Option) string {
	day, found := differs(old.terms(), o.terms())
	was, is := termOn(old.terms(), day), termOn(o.terms(), day)
	for _, x := range []struct {
		to *Option
		p  Price
	}{{old, was}, {o, is}} {
		x.to.InitialPrice, x.to.RecurrentPrice, x.to.Per = x.p.Initial, x.p.Recurrent, perOf[x.p.Per]
	}
	if !found {
		return ""
	}
	return day
}

// onDayOf gives both taxes what they take on the first day on which it is not the same,
// and that day.
func (t *Tax) onDayOf(old *Tax) string {
	day, found := differs(old.terms(), t.terms())
	if !found {
		return ""
	}
	was, is := termOn(old.terms(), day), termOn(t.terms(), day)
	old.Rate, old.Retired, t.Rate, t.Retired = was.rate, was.retired, is.rate, is.retired
	return day
}
