package resource

import (
	"iter"
	"time"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/query"
)

// Collection is one resource of one dialect over the business's memory: the
// customers as v4 has them, for one. It keeps documents and gives them back; what
// they mean is its own affair. All methods may be called at the same time.
//
// A document that goes in is checked against the tables and is without what the
// server computes (id, href, lastModified). One that comes out needs none of it
// either, nor what the tables have a default for, nor addresses in references:
// the face fills all that in for the request at hand. Attributes that the tables
// do not name must come back as they went in, and literals of known ones as long
// as they mean what the business has. A document without a status says nothing of
// it: the status stays what the business makes of it.
//
// Errors are *problem.Error, which callers see as they are, or failures of the
// business, of which they see the Kind, the name and the message. Every other
// error is ours: it is logged, and callers learn an incident number.
type Collection interface {
	// List gives the items in an order that stays the same and puts new items last,
	// but for the first skip, and at most so many: it makes no more of them, and a
	// late page costs no more than an early one. Where u is no look itself, none is
	// going on while the caller has an item: it writes to the network. An error ends
	// the list.
	List(u *Work, skip, most int) iter.Seq2[Item, error]
	// Scan gives every item that matches the filter, in the order and manner of
	// List, for who goes through very many: no more of a document than the filter asks
	// for and the attributes with these names. It may give items that do not match:
	// each that is not Taken is checked again. So it may ignore the filter, or use
	// those of its Equalities for which there is an index.
	Scan(u *Work, f *query.Filter, attributes []string) iter.Seq2[Item, error]
	// Pick gives the items with these ids, whole, in this order and the manner of
	// List. What is gone is left out.
	Pick(u *Work, ids iter.Seq2[string, error]) iter.Seq2[Item, error]
	// Count is how many items match the filter, when that is known without reading
	// them, as it is without a filter.
	Count(u *Work, f *query.Filter) (n int, known bool, err error)
	// Bounded reports whether an index, or without a filter the page, may bound what a
	// list looks at. Where it turns out otherwise, List and Scan fail in a Work that
	// must be bounded.
	Bounded(call *Call, f *query.Filter) bool
	// Get finds an item by its id.
	Get(u *Work, id string) (Item, error)
	// Create keeps a new item.
	Create(u *Work, doc jsondoc.Value) (Item, error)
	// Replace gives an item the document that change makes of it: no other change
	// comes between. It fails as change does. It may be called more than once.
	Replace(u *Work, id string, change func(Item) (jsondoc.Value, error)) (Item, error)
	// Delete forgets an item unless check returns an error. It returns the item as it
	// was last.
	Delete(u *Work, id string, check func(Item) error) (Item, error)
}

// Item is a document as it is kept.
type Item struct {
	ID       string    // unique in the resource, never used again
	Version  string    // differs from that of every earlier state; letters, digits, '-', '.' and '_'
	Modified time.Time // of the last change, whoever made it
	Document jsondoc.Value
	// PIN is what Document hides as pinMask: the pin of a customerAccount as PINs
	// keep it; "" when it hides none.
	PIN string
	// Replayed says that the request id is known: this is what the request gave
	// when it came first, and nothing was done.
	Replayed bool
	// Taken says of an item of Scan that it matches. Its document has what was
	// asked for by name alone.
	Taken bool
}

// Call is what resource is asked for, and in whose words.
type Call struct {
	Dialect  *dialect.Dialect
	Resource *dialect.Resource
	// Home is the address of the dialect as the caller sees it, such as
	// http://host/customerManagement.
	Home string
}
