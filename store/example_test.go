package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rator/failure"
	"rator/store"
	"rator/store/bolt"
	"rator/store/storetest"
)

// Book is a kept thing: it embeds Base, and everything else of it is kept as JSON.
type Book struct {
	store.Base
	ISBN   string `key:"ISBN"`
	Author string `key:"AUTHOR"`
	Title  string `key:"TITLE"`
}

// Names of the indexes of books.
const (
	byISBN   = "isbn"
	byAuthor = "author" // and title
)

// What callers are told who name an unknown book, or add a second one.
var (
	unknownBook = failure.Declare(9401, "UNKNOWN_BOOK", failure.NotFound, failure.Text{"EN": "unknown book"})
	bookKnown   = failure.Declare(9402, "BOOK_KNOWN", failure.Conflict, failure.Text{"EN": "there is such a book already"})
)

// A kind is declared once, next to its type. The index by ISBN has Taken, so it is
// unique; what has no ISBN has no place in it.
var books = store.Define("example_book", unknownBook, func(b *Book) *store.Base { return &b.Base },
	store.Index[Book]{Name: byISBN, Value: func(b *Book) string { return b.ISBN }, Taken: bookKnown,
		Told: func(b *Book) string { return b.ISBN }},
	store.Index[Book]{Name: byAuthor, Value: func(b *Book) string { return store.Compose(strings.ToLower(b.Author), b.Title) }})

// open gives a new store in a file, with a clock that stands.
func open() (st store.Store, closed func()) {
	dir, err := os.MkdirTemp("", "store")
	if err != nil {
		panic(err)
	}
	st, err = bolt.Open(filepath.Join(dir, "books.db"), bolt.Options{Now: func() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		panic(err)
	}
	return st, func() {
		if err := st.Close(); err != nil {
			panic(err)
		}
		if err := os.RemoveAll(dir); err != nil {
			panic(err)
		}
	}
}

// library is a store with three books.
func library() (st store.Store, closed func()) {
	st, closed = open()
	if err := st.Update(context.Background(), func(tx store.Tx) error {
		for _, b := range []*Book{
			{ISBN: "1", Author: "Hamsun", Title: "Sult"},
			{ISBN: "2", Author: "Undset", Title: "Jenny"},
			{ISBN: "3", Author: "Hamsun", Title: "Pan"},
		} {
			if err := books.Insert(tx, b); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		panic(err)
	}
	return st, closed
}

// Update is one indivisible change. Insert gives a new thing its id, which is made of
// the transaction's time, and its first version; what breaks a rule of an index fails
// with the code that was declared for it, and then nothing of the Update happened.
func ExampleStore_update() {
	st, closed := open()
	defer closed()
	ctx := context.Background()

	err := st.Update(ctx, func(tx store.Tx) error {
		b := &Book{ISBN: "1", Author: "Hamsun", Title: "Sult"}
		err := books.Insert(tx, b)
		fmt.Println(b.ID, "version", b.Version)
		return err
	})
	fmt.Println("first:", err)

	err = st.Update(ctx, func(tx store.Tx) error {
		if err := books.Insert(tx, &Book{ISBN: "2", Author: "Undset", Title: "Jenny"}); err != nil {
			return err
		}
		return books.Insert(tx, &Book{ISBN: "1", Author: "Hamsun", Title: "Hunger"})
	})
	fmt.Println("second:", failure.CodeOf(err).Name)

	err = st.View(ctx, func(tx store.Tx) error {
		n, err := books.Count(tx)
		fmt.Println("books:", n)
		return err
	})
	fmt.Println("view:", err)
	// Output:
	// 202611301200000000 version 1
	// first: <nil>
	// second: BOOK_KNOWN
	// books: 1
	// view: <nil>
}

// View sees one state of the store. By finds one by an index, Page some of those whose
// place begins with a prefix, in the order of the index.
func ExampleKind_By() {
	st, closed := library()
	defer closed()
	err := st.View(context.Background(), func(tx store.Tx) error {
		b, err := books.By(tx, byISBN, "2")
		if err != nil {
			return err
		}
		fmt.Println(b.Author, b.Title)

		_, err = books.By(tx, byISBN, "9")
		fmt.Println(failure.CodeOf(err).Name)

		page, next, err := books.Page(tx, byAuthor, store.Compose("hamsun", ""), nil, 10)
		for _, b := range page {
			fmt.Println(b.Author, b.Title)
		}
		fmt.Println("more:", next != nil)
		return err
	})
	fmt.Println(err)
	// Output:
	// Undset Jenny
	// UNKNOWN_BOOK
	// Hamsun Pan
	// Hamsun Sult
	// more: false
	// <nil>
}

// Put keeps a changed thing, as long as nobody else has changed it since it was read.
func ExampleKind_Put() {
	st, closed := library()
	defer closed()
	ctx := context.Background()
	var read *Book
	for _, title := range []string{"Hunger", "Sult"} {
		err := st.Update(ctx, func(tx store.Tx) error {
			b, err := books.By(tx, byISBN, "1")
			if err != nil {
				return err
			}
			if read == nil {
				first := *b
				read = &first
			}
			b.Title = title
			return books.Put(tx, b)
		})
		fmt.Println(title, err)
	}
	err := st.Update(ctx, func(tx store.Tx) error {
		old := *read // as it was before both
		old.Title = "Der Hunger"
		return books.Put(tx, &old)
	})
	fmt.Println("Der Hunger", failure.CodeOf(err).Name)
	// Output:
	// Hunger <nil>
	// Sult <nil>
	// Der Hunger CHANGED_MEANWHILE
}

// A closure may run more than once before its change is kept: PostgreSQL asks for that
// where two changes meet, and so does this store, always, for tests. So a closure
// touches nothing but its Tx. What is to happen outside, once, is told to After; what
// the closure gives is set anew in each run.
func ExampleTx_after() {
	st, closed := library()
	defer closed()
	runs, sent := 0, 0
	var added []string
	err := storetest.Twice(st).Update(context.Background(), func(tx store.Tx) error {
		runs++      // wrong: each run counts
		added = nil // right: the last run counts
		tx.After(func() { sent++ })
		b := &Book{ISBN: "4", Author: "Skram", Title: "Constance Ring"}
		if err := books.Insert(tx, b); err != nil {
			return err
		}
		added = append(added, b.Title)
		return nil
	})
	fmt.Println("runs:", runs, "sent:", sent, "added:", added, err)
	// Output:
	// runs: 2 sent: 1 added: [Constance Ring] <nil>
}

// What a Savepoint did is undone when it fails, and the rest of the change goes on.
func ExampleTx_savepoint() {
	st, closed := library()
	defer closed()
	err := st.Update(context.Background(), func(tx store.Tx) error {
		err := tx.Savepoint(func() error { return books.Insert(tx, &Book{ISBN: "1", Title: "Sult"}) })
		fmt.Println(failure.CodeOf(err).Name)
		return books.Insert(tx, &Book{ISBN: "5", Author: "Skram", Title: "Lucie"})
	})
	fmt.Println(err)
	// Output:
	// BOOK_KNOWN
	// <nil>
}
