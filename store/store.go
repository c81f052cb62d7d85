// Package store says what may be asked of the business's memory. It holds no
// driver (store/bolt, later store/postgres) and knows no business.
//
// Two tiers (store.md). Business code declares Kinds (kind.go): typed, with
// indexes, next to the type that is kept. A driver implements Tx: records and
// keys, ids, savepoints, events, and it does not grow with the number of kinds.
//
// The contract of every driver, each line checked by store/storetest:
//
//   - Update is serializable: there is an order in which the closures, one after the
//     other, would have read and left the same. Views have their places in it, and so
//     have closures that fail: what they were refused for was so in one state. What was
//     read counts also when the savepoint that read it was undone, and when it was not
//     there. fn may run more than once, so it touches nothing but its Tx; effects outside
//     go through After.
//   - An error from fn undoes everything fn did. An error from a Savepoint's fn
//     undoes what that fn did and leaves the Tx usable. A panic does the same,
//     and goes on in the caller's goroutine, maybe wrapped in a *Panic.
//   - A Tx sees its own writes and never another's that are not committed; its
//     Before sees neither, and writes in it are ErrReadOnly.
//   - ErrAbsent, ErrStale, ErrReadOnly, ErrSumInUpdate, *TakenError, *KeyError,
//     *TextError and *BadRecordError are answers: they change nothing and leave the Tx usable. Any other
//     error of a Tx is the driver's own: an Update and a rehearsal end with it, and keep
//     nothing, whatever fn made of it.
//   - Now is one instant for the whole transaction, UTC, in microseconds.
//   - As long as a Tx has the same State, the same questions have the same answers.
//   - Finds and scans come in byte order of the key, then of the id; of keys that agree
//     in their first OrderedKeyLength bytes, in an order of the driver's. A limit below
//     1 gives nothing.
//   - Nothing returned aliases the driver's memory, and nothing handed in is
//     kept or changed.
//   - A context that ends before fn was begun ends the call with its error;
//     later it has no effect.
//   - No document and no body of an event takes in U+0000: it is a *TextError. A driver
//     of stores that have some of a version before lets a transaction write it that was
//     given it, so that what it does not touch may stay.
//   - What is missing from an index that says Append, an Update does not depend on; what
//     it was given of it, it does. A record is claimed by one transaction at a time.
//   - A View sees one state, from its first question on and however long it lasts: what
//     is committed between its begin and that question, it may see. A rehearsal too.
//   - Ids are unique for ever. Within a process each is above those given before; of two
//     processes, one that is given a second after another is. A transaction that was given
//     a lower id may be committed after one that was given a higher: who goes through ids
//     as they come, and keeps a mark, misses it unless the mark stays below what is Settled.
//     Cursors of events are in the order of commits.
//   - Copies of a stable kind are of the very state that the Tx sees; a Tx that has
//     written the kind has none, also after its savepoint was undone. The next
//     transaction of who was told of a commit sees it, in the copies too, whoever
//     wrote it. A driver of a place that other processes write to must hear of their
//     commits before it answers from copies; the file of bolt is locked to one.
//   - A rehearsal sees one state and what it wrote itself, and leaves nothing: no record,
//     event, id or number of a sequence, whatever it returns.
//   - Look gives one state of all that fn asks for, with copies or without: the newest of
//     what its process has committed; of what others have, one that is a second old at most.
package store

import (
	"context"
	"io"
	"time"
)

// Store is a place that remembers.
type Store interface {
	// View runs fn over one consistent state, taken with its first question at the
	// latest; writes in it are ErrReadOnly.
	View(ctx context.Context, fn func(Tx) error) error
	// Views is View for so many looks, at least one, which all see one state.
	Views(ctx context.Context, looks int, fn func(Looks) error) error
	// Look is View for who asks for stable kinds alone: fn is run over the copies,
	// without a transaction, and once more in a View when they lack an answer. So it
	// may run twice, and sees one state in each.
	Look(ctx context.Context, fn func(Tx) error) error
	// Update runs fn as one indivisible change, durable when it returns nil.
	// An error matching ErrOutcomeUnknown means that nobody knows whether the
	// change is durable; any other error means that it is not: fn's own, Full,
	// failure.TryAgain after a long wait, NoWrites, ErrNested, ErrReadOnly,
	// ErrClosed, ErrLeaseLost.
	Update(ctx context.Context, fn func(Tx) error) error
	// Rehearse runs fn as Update does, over one state, and keeps nothing of what it wrote:
	// ids, numbers of sequences and cursors of events are what they would be, and are
	// given again. It waits for no writer, many run beside each other, and nothing that was
	// registered with After is run. A store that takes no writes rehearses too.
	Rehearse(ctx context.Context, fn func(Tx) error) error
	// Settled gives an id up to which nothing comes any more: a View that begins afterwards
	// sees every record that was made with a NextID up to it and ever will be there. It may
	// be some seconds behind the time, and further while a transaction lasts; 0 = nothing is
	// settled yet.
	Settled(ctx context.Context) (ID, error)
	// Hold gives a lease, by its name, unless another process of the store has it: that is a
	// *HeldError. The context is for what is done under it until done is called: it ends when
	// the lease is lost, and an Update with it then fails with ErrLeaseLost. Who asks again
	// soon has it still; within a process, several may have it. A file is one process's, who
	// has every lease.
	Hold(ctx context.Context, lease string) (held context.Context, done func(), err error)
	// Backup writes a consistent copy of the live store to w and gives its size
	// in bytes. It is a View as long as w takes, so w is best a local file.
	Backup(ctx context.Context, w io.Writer) (int64, error)
	// Verify reads everything: checksums, index entries = records, unique keys.
	// It calls report once per fault found and gives the number of records read;
	// the error is only for what kept it from looking.
	Verify(ctx context.Context, report func(error)) (records int64, err error)
	// Ready is nil while writes are taken; else NoWrites, ErrReadOnly, ErrClosed, or why not.
	Ready() error
	Close() error
}

// Tx is one consistent look, or one indivisible change.
type Tx interface {
	Now() time.Time
	// NextID gives a new id, as the contract of ids says: to a second in order of time.
	NextID() (ID, error)
	// Next gives the next number of a named sequence, from 1. Gaps are possible.
	Next(sequence string) (int64, error)
	// AtLeast has the next number of a named sequence be above n; it never goes back.
	AtLeast(sequence string, n int64) error
	// Add adds n to a named counter, which begins with 0. Those who add to it never
	// conflict, so it is for what every transaction counts.
	Add(counter string, n int64) error
	// Sum is what all that is committed has added to a counter. It is for a View: in an
	// Update, and its Before, it is ErrSumInUpdate.
	Sum(counter string) (int64, error)
	// After registers f to run once, after the commit and before Update returns;
	// never on failure, and not when the savepoint it was registered in was undone.
	After(f func())
	// Savepoint runs fn; when fn fails, what it did is undone and its error returned.
	Savepoint(fn func() error) error
	// Before is a look at what the transaction began with, whatever it has written
	// since, and as long as it lasts. A View's is as the View itself.
	Before() Tx
	// State is a number of what the Tx sees of records: it is another one after each
	// change of a record and after a savepoint was undone, and never one that was before.
	State() int64
	// Copies are those of a stable kind in the state that the Tx sees; nil where it
	// has none.
	Copies(kind string) *Copies

	Insert(kind string, r Record) error // *TakenError, *KeyError, *TextError; r.Version is not looked at
	// Load is Insert of a record that was made elsewhere, or before, with its id and the
	// version that it has. NextID gives no id that was loaded.
	Load(kind string, r Record) error               // *TakenError, *KeyError, *TextError
	Get(kind string, id ID) (Record, error)         // ErrAbsent
	Put(kind string, r Record) error                // r.Version is the one read; ErrAbsent, ErrStale, *TakenError, *KeyError, *TextError
	Delete(kind string, id ID, version int64) error // ErrAbsent, ErrStale
	// Find gives records of a kind whose key in an index is value, after the id
	// after (0 = from the start), at most limit.
	Find(kind, index, value string, after ID, limit int) ([]Record, error)
	// FindMany answers many questions, in their order.
	FindMany(asks []Ask) ([][]Record, error)
	// GetMany gives the records of ids, in their order; the zero Record for one that is
	// absent.
	GetMany(kind string, ids []ID) ([]Record, error)
	// Ahead tells what is about to be asked. It answers nothing; what is wrong with a
	// question is told to who asks it.
	Ahead(a Ahead) error
	// Range gives records whose key in an index starts with prefix, in key order,
	// from the position after (nil = start), at most limit, and the position to go
	// on from: nil when nothing follows. A position is the driver's own and
	// belongs to that index.
	Range(kind, index, prefix string, after []byte, limit int) ([]Record, []byte, error)
	// Claim gives the first records whose key in an index starts with prefix, in key order,
	// at most limit, leaving out those that other transactions under way were given or
	// write to: callers who want any of them do not wait for each other. Until this one
	// ends nobody else is given them, and nobody changes them. It says nothing of what is
	// missing: fewer than limit may be there only for the others, who may yet leave theirs,
	// so who would refuse for it asks Range. ErrReadOnly in a View.
	Claim(kind, index, prefix string, limit int) ([]Record, error)
	// Scan gives records of a kind in id order after the id after, at most limit.
	Scan(kind string, after ID, limit int) ([]Record, error)
	// Count is the number of records of a kind.
	Count(kind string) (int64, error)

	// Emit writes an event, delivered after commit by whoever reads EventsAfter. Its
	// cursor, id and time are the store's. *TextError
	Emit(e Event) error
	// Finally has emit called once fn has returned nil, in the same transaction, to Emit
	// what no event has said by then: once for an object, and not at all when the
	// transaction has written an event about it or about its account, or, where the object
	// is the account itself, an event of the account. Those of objects come first, in the
	// order in which they were asked for, then those of accounts. With object 0 it is
	// called in any case, before all of them. What an undone savepoint wrote or asked for
	// does not count.
	Finally(object, account ID, emit func(Tx) error) error
	// EventsAfter gives events after a cursor (0 = the first), at most limit.
	EventsAfter(cursor int64, limit int) ([]Event, error)
	// EventsOf gives events of an account after a cursor, at most limit.
	EventsOf(account ID, cursor int64, limit int) ([]Event, error)
	// EventSpan says which events are there.
	EventSpan() (EventSpan, error)
	// EventCount is how many events there are after a cursor; who has to count them stops
	// at 100,000.
	EventCount(after int64) (int64, error)
	// RewriteEvent gives the event of e's cursor e's brand, account, objects and body: what
	// it told may not be told any more, or a version before did not keep whose it is. It
	// does nothing for one that is gone. *TextError
	RewriteEvent(e Event) error
	// DropEvents deletes events from the oldest on, up to a cursor and at most limit, and
	// says how many. Cursors are not given again.
	DropEvents(upTo int64, limit int) (int, error)
	// DropBefore deletes at most limit records of a kind whose id is older than
	// t, and says how many: the sweep of kept replies.
	DropBefore(kind string, t time.Time, limit int) (int, error)
}

// Ask is a question of FindMany: what Find is asked, from the start, at most Limit; or,
// with Newest, from the other end: in descending order of ids, those before Before (0 =
// from the newest). Without an Index it asks, whatever the rest is, for the record of ID:
// the answer has it, or nothing.
type Ask struct {
	Kind, Index, Value string
	ID                 ID
	Newest             bool
	Before             ID
	Limit              int
}

// Record is a kept thing as drivers see it.
type Record struct {
	ID      ID
	Version int64  // 1 at Insert, what it was at Load, one more with every Put
	Doc     []byte // JSON
	Keys    []Key  // its place in every index; set for Insert, Load and Put only
}

// EventSpan says which events are there.
type EventSpan struct {
	Kept   int64 // the cursor after which every one is; 0 = all are that ever were
	Newest int64 // of the newest that ever was
	// Sparse says that cursors have gaps, so that they count nothing; and that those of events
	// that the transaction emits are known after its commit.
	Sparse bool
}

// Event is one thing that happened, in commit order.
type Event struct {
	Cursor  int64 // in the order in which they were committed; there may be gaps
	ID      ID
	Topic   string
	At      time.Time
	Brand   string // key of the brand whose it is; "" = none's, or of a version that did not keep it
	Account ID     // the customer's; 0 = none's, or as above
	About   []ID   // objects that it happened to, the first is its subject; none = Finally does not count it
	Body    []byte // JSON
}
