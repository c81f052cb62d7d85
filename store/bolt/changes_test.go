package bolt

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestManyChanges puts many rows in a layer over another, in several orders, and asks for
// them by key and from both ends.
func TestManyChanges(t *testing.T) {
	const many, bucket = 5_000, "b"
	key := func(n int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }
	for name, order := range map[string]func(n int) int{
		"rising":  func(n int) int { return n },
		"falling": func(n int) int { return many - n },
		"mixed":   func(n int) int { return n * 2_654_435_761 % 4_999 },
	} {
		t.Run(name, func(t *testing.T) {
			lower := newLayer(noFile{})
			upper := newLayer(lower)
			want := map[string]string{}
			random := rand.New(rand.NewPCG(1, 2))
			for n := range many {
				k, value, l := key(order(n)), []byte(fmt.Sprint(n)), upper
				if n < many/2 {
					l = lower
				}
				if random.IntN(10) == 0 {
					value = nil
				}
				if err := l.put(bucket, k, value); err != nil {
					t.Fatal(err)
				}
				if want[string(k)] = string(value); value == nil {
					delete(want, string(k))
				}
			}
			for _, l := range []*layer{upper, lower} { // over the other, and once it is handed down
				if l == lower {
					if err := upper.apply(); err != nil {
						t.Fatal(err)
					}
				}
				keys := slices.Sorted(maps.Keys(want))
				for range 200 {
					from := random.IntN(many + 10)
					at, _ := slices.BinarySearch(keys, string(key(from)))
					same(t, l.seek(bucket, key(from)), slices.Values(keys[at:]), want)
					same(t, l.seekBack(bucket, key(from)), func(yield func(string) bool) {
						for _, k := range slices.Backward(keys[:at]) {
							if !yield(k) {
								return
							}
						}
					}, want)
					if got := l.get(bucket, key(from)); string(got) != want[string(key(from))] {
						t.Fatalf("row %d is %q, want %q", from, got, want[string(key(from))])
					}
				}
			}
		})
	}
}

// same wants a cursor to give those keys and no more.
func same(t *testing.T, c cursor, keys func(func(string) bool), want map[string]string) {
	t.Helper()
	for k := range keys {
		if key, value := c.next(); string(key) != k || string(value) != want[k] {
			t.Fatalf("comes %x with %q, want %x with %q", key, value, k, want[k])
		}
	}
	if key, _ := c.next(); key != nil {
		t.Fatalf("%x comes after the last", key)
	}
}

// noFile is rows of which there are none.
type noFile struct{}

func (noFile) get(string, []byte) []byte        { return nil }
func (noFile) seek(string, []byte) cursor       { return noRows{} }
func (noFile) seekBack(string, []byte) cursor   { return noRows{} }
func (noFile) put(string, []byte, []byte) error { return nil }
func (noFile) drop(string, []byte) error        { return nil }
func (noFile) add(string, int64) error          { return nil }
func (noFile) sum(string) (int64, error)        { return 0, nil }
