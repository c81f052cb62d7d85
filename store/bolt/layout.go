package bolt

import (
	"encoding/json"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"rator/store"
)

const metaBucket = "meta"

// fileFormat is the format of the whole file. It is no sealed row, so that it can
// be read whatever becomes of those.
const fileFormat = "rator store 3"

var (
	formatKey  = []byte("format")
	kindsKey   = []byte("kinds")
	metaRowSum = bucketSumOf(metaBucket)
)

// layout is what the file says of itself.
type layout struct {
	format string
	kinds  []kindLayout
	newest store.ID
}

// kindLayout is a kind that has buckets in the file.
type kindLayout struct {
	Name    string        `json:"name"`
	Indexes []indexLayout `json:"indexes,omitempty"`
	// Joined is how many of its indexes, from the first on, lie in the bucket that they
	// share; an older format had a bucket for each (upgrade.go).
	Joined int `json:"joined,omitempty"`
}

type indexLayout struct {
	Name   string `json:"name"`
	Unique bool   `json:"unique,omitempty"`
}

func layoutOf(info store.Info) kindLayout {
	k := kindLayout{Name: info.Name, Joined: len(info.Indexes)}
	for _, key := range info.Indexes {
		k.Indexes = append(k.Indexes, indexLayout{Name: key.Index, Unique: key.Unique})
	}
	return k
}

// kind is where the records of a kind lie that the program may not know.
func (k kindLayout) kind() *kind {
	info := store.Info{Name: k.Name}
	for _, i := range k.Indexes {
		info.Indexes = append(info.Indexes, store.Key{Index: i.Name, Unique: i.Unique})
	}
	return newKind(info)
}

// indexBuckets names the buckets that hold the kind's indexes.
func (k kindLayout) indexBuckets() (names []string) {
	if k.Joined > 0 {
		names = append(names, k.kind().entries)
	}
	for _, i := range k.Indexes[k.Joined:] {
		names = append(names, k.ownBucket(i))
	}
	return names
}

// find is the kind of that name in the file.
func (l *layout) find(name string) (kindLayout, bool) {
	i := slices.IndexFunc(l.kinds, func(k kindLayout) bool { return k.Name == name })
	if i < 0 {
		return kindLayout{}, false
	}
	return l.kinds[i], true
}

// put takes k in, or its new indexes.
func (l *layout) put(k kindLayout) {
	l.kinds = slices.DeleteFunc(l.kinds, func(old kindLayout) bool { return old.Name == k.Name })
	l.kinds = append(l.kinds, k)
}

// readLayout reads what a file says of itself.
func readLayout(tx *bbolt.Tx) (layout, error) {
	var l layout
	rows := newFileRows(tx)
	l.format = string(rows.get(metaBucket, formatKey))
	switch l.format {
	case fileFormat, secondFormat, firstFormat:
	case fillingFormat:
		return l, fmt.Errorf("rator migrate was filling it and did not end; run that again, or remove the file")
	case "":
		return l, fmt.Errorf("it is a bbolt file, but no store of rator's")
	default:
		return l, fmt.Errorf("its format is %.40q and this version of rator knows %q only; use the version that wrote it", l.format, fileFormat)
	}
	kinds, err := unseal(metaRowSum, kindsKey, rows.get(metaBucket, kindsKey))
	if err == nil {
		err = json.Unmarshal(kinds, &l.kinds)
	}
	if err != nil {
		return l, fmt.Errorf("its list of kinds is damaged: %w", err)
	}
	newest, err := rows.sum(newestCounter)
	if l.format != fileFormat {
		newest, err = olderCounter(metaBucket, newestCounter, rows.get(metaBucket, []byte(newestCounter)))
	}
	if err != nil {
		return l, fmt.Errorf("its newest id is damaged: %w", err)
	}
	l.newest = store.ID(newest)
	for _, name := range l.buckets() {
		if rows.bucket(name) == nil {
			return l, fmt.Errorf("it lost its bucket %s", name)
		}
	}
	return l, nil
}

// write keeps everything but the newest id.
func (l *layout) write(rows *fileRows) error {
	kinds, err := json.Marshal(l.kinds)
	if err != nil {
		return err
	}
	if err := rows.put(metaBucket, formatKey, []byte(fileFormat)); err != nil {
		return err
	}
	return rows.put(metaBucket, kindsKey, seal(metaRowSum, kindsKey, append(newRow(len(kinds)), kinds...)))
}

// buckets names every bucket of the file.
func (l *layout) buckets() []string {
	names := []string{metaBucket, counterBucket, eventBucket}
	if l.format != firstFormat {
		names = append(names, eventAccountBucket)
	}
	for _, k := range l.kinds {
		names = append(append(names, k.kind().bucket), k.indexBuckets()...)
	}
	return names
}
