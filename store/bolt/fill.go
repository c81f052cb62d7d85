package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"rator/store"
	"rator/store/transfer"
)

// fillingFormat is the format of a file that is not filled yet, which nobody opens as a store.
const fillingFormat = "rator store, being filled"

// fillingKey is the row of meta that says how far it is.
var fillingKey = []byte("filling")

// fillRoom is how much of the address space a file that is filled gets at once.
const fillRoom = 64 << 30

// filling is how far a file is filled.
type filling struct {
	State string           `json:"state"` // of what it is filled from
	Kinds map[string]int64 `json:"kinds"` // those that are whole, and how many records they have
}

// Fill fills a file: a transfer.Target. Kinds are written in order, and their indexes when
// all of a kind is there. What is written is synced at the end; after a kill of the process
// it is there as well.
type Fill struct {
	path  string
	file  *bbolt.DB
	bulk  *bulk
	kinds map[string]*kind
	far   filling
	rest  transfer.Rest

	kind    *kind // at hand
	count   int64 // its records
	entries sorter
	cursor  int64 // of the last event
}

var _ transfer.Target = (*Fill)(nil)

// OpenFill opens a file to be filled: an empty one, or one that was being filled before.
func OpenFill(path string) (*Fill, error) {
	f := &Fill{path: path, kinds: map[string]*kind{}, entries: sorter{dir: filepath.Dir(path), most: mostHeld}}
	for _, info := range store.Infos() {
		f.kinds[info.Name] = newKind(info)
	}
	fail := func(err error) (*Fill, error) { return nil, fmt.Errorf("store %s: %w", path, err) }
	stat, err := os.Stat(path)
	if err != nil {
		return fail(err)
	}
	if stat.Size() > 0 {
		if err := inspect(context.Background(), path); err != nil {
			return fail(err)
		}
	}
	if f.file, err = openBulk(path, fillRoom); err != nil {
		return fail(err)
	}
	if err := f.read(stat.Size() == 0); err != nil {
		return fail(errors.Join(err, f.file.Close()))
	}
	return f, nil
}

// read reads how far the file is filled.
func (f *Fill) read(empty bool) error {
	return f.file.View(func(tx *bbolt.Tx) error {
		rows := newFileRows(tx)
		if rows.bucket(metaBucket) == nil {
			if name, _ := tx.Cursor().First(); !empty && name != nil {
				return errors.New("something else is in it; name another file")
			}
			return nil
		}
		if format := rows.get(metaBucket, formatKey); string(format) != fillingFormat {
			return errors.New("there is a store already; name another file")
		}
		far, err := unseal(metaRowSum, fillingKey, rows.get(metaBucket, fillingKey))
		if err == nil {
			err = json.Unmarshal(far, &f.far)
		}
		return err
	})
}

// Close lets the file go, whether it is a store or not.
func (f *Fill) Close() error {
	var ended error
	if f.bulk != nil {
		ended = f.bulk.end()
	}
	return errors.Join(ended, f.entries.end(), f.file.Close())
}

// Begin begins, or goes on with what was filled from the same state.
func (f *Fill) Begin(ctx context.Context, state string, rest transfer.Rest) (resumed bool, err error) {
	f.bulk, f.rest = &bulk{ctx: ctx, file: f.file}, rest
	if resumed = f.far.State != ""; !resumed {
		f.far = filling{State: state, Kinds: map[string]int64{}}
	}
	if f.far.State != state {
		return false, fmt.Errorf("store %s: it is being filled from another state; remove the file to begin anew", f.path)
	}
	for _, name := range []string{counterBucket, eventBucket, eventAccountBucket} {
		if err := f.bulk.into(name); err != nil {
			return false, err
		}
	}
	return resumed, f.note()
}

// note keeps how far the file is filled, with all that was put.
func (f *Fill) note() error {
	far, err := json.Marshal(f.far)
	if err != nil {
		return err
	}
	if err := f.bulk.into(metaBucket); err != nil {
		return err
	}
	if err := f.bulk.put(formatKey, []byte(fillingFormat)); err != nil {
		return err
	}
	if err := f.bulk.put(fillingKey, seal(metaRowSum, fillingKey, append(newRow(len(far)), far...))); err != nil {
		return err
	}
	return f.bulk.commit()
}

// Kind begins a kind; what a run before left of it goes.
func (f *Fill) Kind(_ context.Context, kind string) (store.ID, bool, error) {
	if _, whole := f.far.Kinds[kind]; whole {
		return 0, true, nil
	}
	f.kind, f.count = f.kinds[kind], 0
	names := []string{f.kind.bucket}
	if len(f.kind.indexes) > 0 {
		names = append(names, f.kind.entries)
	}
	return 0, false, f.fresh(names...)
}

// fresh gives buckets that are empty, and has rows go to the first.
func (f *Fill) fresh(buckets ...string) error {
	for i := len(buckets) - 1; i >= 0; i-- {
		if err := f.bulk.into(buckets[i]); err != nil {
			return err
		}
		if err := f.bulk.tx.DeleteBucket([]byte(buckets[i])); err != nil {
			return err
		}
		if err := f.bulk.into(buckets[i]); err != nil {
			return err
		}
	}
	return nil
}

// Records writes records of the kind at hand, and notes their places.
func (f *Fill) Records(_ context.Context, records []store.Record) (err error) {
	for _, r := range records {
		if r.Keys, err = f.kind.keys(r.Doc); err == nil {
			err = f.kind.check(r.Keys)
		}
		if err != nil {
			return &store.BadRecordError{Kind: f.kind.name, ID: r.ID, Reason: err.Error()}
		}
		if err := f.bulk.put(idKey(r.ID), f.kind.encode(r)); err != nil {
			return err
		}
		for _, key := range r.Keys {
			if key.Value == "" {
				continue
			}
			if err := f.entries.add(f.kind.indexes[key.Index].entry(key.Value, r.ID)); err != nil {
				return err
			}
		}
	}
	f.count += int64(len(records))
	return nil
}

// EndKind writes the indexes of the kind.
func (f *Fill) EndKind(context.Context) error {
	if len(f.kind.indexes) > 0 {
		if err := f.bulk.into(f.kind.entries); err != nil {
			return err
		}
		unique := map[byte]string{}
		for name, ix := range f.kind.indexes {
			if ix.unique {
				unique[ix.place] = name
			}
		}
		var last []byte
		err := f.entries.each(func(entry []byte) error {
			value := entry[:len(entry)-8]
			if name, is := unique[entry[0]]; is && bytes.Equal(value, last) {
				return fmt.Errorf("record %s: another has the same value in the unique index %s", idOf(entry), name)
			}
			last = append(last[:0], value...)
			return f.bulk.put(entry, present)
		})
		if err != nil {
			return err
		}
	}
	f.far.Kinds[f.kind.name] = f.count
	return f.note()
}

// Events writes events. They get cursors without gaps, from the newest down, so that none is
// below what it was: who reads on from a cursor misses none, and gets some again.
func (f *Fill) Events(_ context.Context, events []store.Event) error {
	if f.cursor == 0 {
		if err := f.fresh(eventBucket, eventAccountBucket); err != nil {
			return err
		}
		f.cursor = f.rest.Cursor - f.rest.Events
	}
	for _, e := range events {
		f.cursor++
		e.Cursor = f.cursor
		if err := f.bulk.put(eventRow(e)); err != nil {
			return err
		}
		if e.Account != 0 {
			if err := f.entries.add(accountKey(e.Account, e.Cursor)); err != nil {
				return err
			}
		}
	}
	return nil
}

// EndEvents writes the index of accounts, and counters.
func (f *Fill) EndEvents(context.Context) error {
	if err := f.bulk.into(eventAccountBucket); err != nil {
		return err
	}
	if err := f.entries.each(func(key []byte) error { return f.bulk.put(key, present) }); err != nil {
		return err
	}
	all := counters{newestCounter: int64(f.rest.Newest), eventCounter: f.rest.Cursor, eventsGoneCounter: f.rest.Cursor - f.rest.Events}
	for name, n := range f.rest.Sequences {
		all[sequencePrefix+name] = n
	}
	for name, n := range f.rest.Counters {
		all[sumPrefix+name] = n
	}
	for name, n := range f.far.Kinds {
		all[f.kinds[name].counter] = n
	}
	if err := f.bulk.into(counterBucket); err != nil {
		return err
	}
	if err := f.bulk.put(allKey, all.row()); err != nil {
		return err
	}
	return f.bulk.commit()
}

// Snapshot runs fn over what was committed.
func (f *Fill) Snapshot(_ context.Context, fn func(transfer.Snapshot) error) error {
	return f.file.View(func(in *bbolt.Tx) error {
		return fn(snapshot{&tx{db: &DB{kinds: f.kinds}, rows: newFileRows(in)}})
	})
}

// End makes a store of the file and waits until it is on the disk.
func (f *Fill) End(context.Context) error {
	l := layout{}
	for _, info := range store.Infos() {
		l.put(layoutOf(info))
	}
	if err := f.file.Sync(); err != nil { // before what says that it is whole
		return err
	}
	err := f.file.Update(func(tx *bbolt.Tx) error {
		rows := newFileRows(tx)
		if err := rows.drop(metaBucket, fillingKey); err != nil {
			return err
		}
		return l.write(rows)
	})
	if err != nil {
		return err
	}
	return f.file.Sync()
}
