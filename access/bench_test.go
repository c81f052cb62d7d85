package access_test

import (
	"context"
	"path/filepath"
	"testing"

	"rator/access"
	"rator/store"
	"rator/store/bolt"
)

// BenchmarkOperatorByName is who asks, of each call: an operator with a few rights,
// in a View and by a Look.
func BenchmarkOperatorByName(b *testing.B) {
	st, err := bolt.Open(filepath.Join(b.TempDir(), "bench.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	err = st.Update(context.Background(), func(tx store.Tx) error {
		_, err := access.Add(tx, local, access.NewOperator{Name: "shop", Brands: []string{"DEMO", "OTHER"},
			Rights: []string{"SOAP_SIGNUP_*", "SOAP_GET_*", "TMF_*"}, Trusted: []string{"10.0.0.0/8"}, ActFor: []string{"app"}})
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
					_, err := access.OperatorByName(tx, "shop")
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
