package catalogue_test

import (
	"context"
	"path/filepath"
	"testing"

	"rator/catalogue"
	"rator/store"
	"rator/store/bolt"
)

// BenchmarkBrandByKey is which brand, of each call, in a View and by a Look.
func BenchmarkBrandByKey(b *testing.B) {
	st, err := bolt.Open(filepath.Join(b.TempDir(), "bench.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	f, _ := catalogue.Load("demo.toml", catalogue.Demo())
	err = st.Update(context.Background(), func(tx store.Tx) error {
		_, err := catalogue.Import(tx, f)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, look := range map[string]func(context.Context, func(store.Tx) error) error{"view": st.View, "look": st.Look} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				err := look(context.Background(), func(tx store.Tx) error {
					_, err := catalogue.BrandByKey(tx, "DEMO")
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
