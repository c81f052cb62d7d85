package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// kind is where the records of a store.Kind lie: a table with a column for each index.
type kind struct {
	name    string
	table   string // with its schema, quoted
	indexes []index
	byName  []int  // places of the indexes, in order of their names
	columns string // id, version, sum, doc and those of the indexes
	keys    func(doc []byte) ([]store.Key, error)
	fill    func(tx store.Tx, doc []byte) ([]byte, error) // nil = nothing to complete
	stable  bool
}

// index is a column with an index.
type index struct {
	name   string
	column string // quoted
	unique bool
	append bool // nobody goes by what is missing from it
	common bool // who asks for a value locks the kind, and who has one nothing
}

func newKind(schema string, info store.Info) *kind {
	k := &kind{name: info.Name, table: quoted(schema, "k_"+info.Name), keys: info.Keys, fill: info.Fill, stable: info.Stable}
	columns := []string{"id", "version", "sum", "doc"}
	for _, key := range info.Indexes {
		x := index{name: key.Index, column: quoted("x_" + key.Index), unique: key.Unique, append: key.Append, common: key.Common}
		k.indexes, columns = append(k.indexes, x), append(columns, x.column)
	}
	k.columns = strings.Join(columns, ",")
	for place := range k.indexes {
		k.byName = append(k.byName, place)
	}
	slices.SortFunc(k.byName, func(a, b int) int { return strings.Compare(k.indexes[a].name, k.indexes[b].name) })
	return k
}

// longestName is how many bytes PostgreSQL keeps of a name.
const longestName = 63

// quoted is a name, or one in another, as statements say it. What is too long for
// PostgreSQL is cut, with a hash instead.
func quoted(names ...string) string {
	for i, name := range names {
		names[i] = shortened(name)
	}
	return pgx.Identifier(names).Sanitize()
}

func shortened(name string) string {
	if len(name) <= longestName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return name[:longestName-9] + "_" + hex.EncodeToString(sum[:4])
}

// place is the place of an index among the kind's; a wrong name is a mistake in the program.
func (k *kind) place(name string) (int, error) {
	n := slices.IndexFunc(k.indexes, func(x index) bool { return x.name == name })
	if n < 0 {
		return 0, fmt.Errorf("store: kind %s has no index %s", k.name, name)
	}
	return n, nil
}

// values are what a record's keys are, by the places of their indexes; it says what keeps
// them from being a record's: an index that is not there or is named twice, or a value
// that cannot be one.
func (k *kind) values(keys []store.Key) ([]string, error) {
	values, named := make([]string, len(k.indexes)), make([]bool, len(k.indexes))
	for _, key := range keys {
		n, err := k.place(key.Index)
		if err != nil {
			return nil, err
		}
		if named[n] {
			return nil, fmt.Errorf("store: kind %s: two keys for index %s", k.name, key.Index)
		}
		if err := key.Check(k.name); err != nil {
			return nil, err
		}
		values[n], named[n] = ordered(key.Value), true
	}
	return values, nil
}

// ordered is a value as its column has it, for which an index of PostgreSQL has room: of a
// longer one, what puts it in order, and the sum of all of it.
func ordered(value string) string {
	if len(value) <= store.OrderedKeyLength {
		return value
	}
	sum := sha256.Sum256([]byte(value))
	return inOrderOf(value) + hex.EncodeToString(sum[:])
}

// inOrderOf is what of a value puts it in order: whole characters.
func inOrderOf(value string) string {
	end := min(store.OrderedKeyLength, len(value))
	for end < len(value) && !utf8.RuneStart(value[end]) {
		end++
	}
	return value[:end]
}

// begins says whether a record's value in an index, all of it, begins with a prefix.
func (k *kind) begins(r *row, place int, prefix string) (bool, error) {
	keys, err := k.keys(r.doc)
	for _, key := range keys {
		if key.Index == k.indexes[place].name {
			return strings.HasPrefix(key.Value, prefix), err
		}
	}
	return false, err
}
