package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.etcd.io/bbolt"
)

var marks = regexp.MustCompile(`\{(?:(?:id|ID|event)\+\d|customer|user)\}`)

// record writes what changed between two copies of a store, one sign-up apart, in the
// form of signup.tsv. The sign-up is to be of user########: its own numbers are found in
// the rows it wrote and become marks.
func record(to io.Writer, before, after string) error {
	changed, err := changes(before, after)
	if err != nil {
		return err
	}
	var own []string // what is the sign-up's own → its mark, for strings.NewReplacer
	for _, c := range changed {
		switch name, found := strings.CutPrefix(c.bucket, "index/user/username"); {
		case c.bucket == "kind/account":
			first := binary.BigEndian.Uint64(c.key)
			for i := range uint64(idsEach) {
				own = append(own, string(binary.BigEndian.AppendUint64(nil, first+i)), fmt.Sprintf("{id+%d}", i),
					strconv.FormatUint(first+i, 10), fmt.Sprintf("{ID+%d}", i))
			}
		case c.bucket == "index/account/customer_number":
			number, _, _ := bytes.Cut(c.key, []byte{0})
			own = append(own, string(number[len(number)-6:]), "{customer}")
		case found && name == "":
			user, _, _ := bytes.Cut(c.key, []byte{0})
			own = append(own, string(user[len(user)-8:]), "{user}")
		}
	}
	if len(own) != 2*(2*idsEach+2) {
		return errors.New("these copies are not one sign-up apart")
	}
	events := 0
	replacer := strings.NewReplacer(own...)
	for _, c := range changed {
		key := replacer.Replace(string(c.key))
		if c.bucket == "event" {
			key = fmt.Sprintf("{event+%d}", events)
			events++
		}
		if _, err := fmt.Fprintf(to, "%s\t%q\t%q\n", c.bucket, key, replacer.Replace(string(c.value))); err != nil {
			return err
		}
	}
	return nil
}

type change struct {
	bucket     string
	key, value []byte
}

// changes are the rows of after that before does not have so, by bucket and key.
func changes(before, after string) (changed []change, err error) {
	err = viewed(before, func(old *bbolt.Tx) error {
		return viewed(after, func(new *bbolt.Tx) error {
			return new.ForEach(func(name []byte, b *bbolt.Bucket) error {
				had := old.Bucket(name)
				return b.ForEach(func(key, value []byte) error {
					if had == nil || !bytes.Equal(had.Get(key), value) {
						changed = append(changed, change{string(name), slices.Clone(key), slices.Clone(value)})
					}
					return nil
				})
			})
		})
	})
	return changed, err
}

func viewed(file string, do func(*bbolt.Tx) error) error {
	db, err := bbolt.Open(file, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	return errors.Join(db.View(do), db.Close())
}
