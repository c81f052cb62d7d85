package access_test

import (
	"encoding/json"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"rator/access"
	"rator/store"
	"rator/store/bolt"
)

// BenchmarkSeal is what sealing takes for each row.
func BenchmarkSeal(b *testing.B) {
	st, err := bolt.Open(filepath.Join(b.TempDir(), "rator.db"), bolt.Options{Unsynced: true})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	row := access.AuditRow{At: noon, Who: "selfcare", From: netip.MustParseAddr("192.0.2.7"), Face: "soap", Hookpoint: "SOAP_GET_WEB_USER_PROFILE", Brand: "DEMO",
		Account: 202603041200000001, Objects: []store.ID{202603041200000001, 202603041200000002}, Outcome: access.OutcomeOK, Duration: time.Millisecond,
		RequestID: "2d6f2a1c-5a0e-4a3c-9f0e-0d6b9c1c8f11", Trace: json.RawMessage(`[{"name":"find_customer","ms":1},{"name":"profile","ms":2}]`)}
	const rows = 2000
	for b.Loop() {
		b.StopTimer()
		err := st.Update(b.Context(), func(tx store.Tx) error {
			for range rows {
				if err := access.Record(tx, row); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if n, err := access.Seal(b.Context(), st); n != rows || err != nil {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}
