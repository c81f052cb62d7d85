package mask_test

import (
	"strings"
	"testing"

	"rator/mask"
)

// BenchmarkREST masks a page of 20 customers as TM Forum answers it.
func BenchmarkREST(b *testing.B) {
	const customer = `{"id":"c202611291826200000","href":"http://127.0.0.1:39117/customerManagement/customer/c202611291826200000","name":"Household 7","contactMedium":[{"preferred":false,"type":"Email","medium":{"emailAddress":"aase@example.org"}}],"characteristic":[{"name":"color","value":"red"},{"name":"rator.customerNumber","value":"100002"},{"name":"rator.brand","value":"DEMO"},{"name":"rator.accountType","value":"Private"},{"name":"rator.subscriptionCount","value":"0"}],"status":"Created","relatedParty":{"id":"202611291826200002","href":"http://127.0.0.1:39117/partyManagement/individual/202611291826200002","role":"customer","name":"Household 7"},"customerAccount":[{"id":"ca202611291826200003","href":"http://127.0.0.1:39117/customerManagement/customerAccount/ca202611291826200003","name":"100002-1"}]}`
	page := []byte("[" + strings.Repeat(customer+",", 19) + customer + "]")
	m := mask.New(nil, mask.Options{Declared: declared(b)})
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		m.REST("/customerManagement/customer?limit=20", "", nil, "application/json", page)
	}
}
