package mask_test

import (
	"strings"
	"testing"

	"rator/mask"
)

// BenchmarkREST masks a customer and a page of 20 as TM Forum answers them.
func BenchmarkREST(b *testing.B) {
	const customer = `{"id":"c202611291826200000","href":"http://127.0.0.1:39117/customerManagement/customer/c202611291826200000","name":"Household 7","contactMedium":[{"preferred":false,"type":"Email","medium":{"emailAddress":"aase@example.org"}}],"characteristic":[{"name":"color","value":"red"},{"name":"rator.customerNumber","value":"100002"},{"name":"rator.brand","value":"DEMO"},{"name":"rator.accountType","value":"Private"},{"name":"rator.subscriptionCount","value":"0"}],"status":"Created","relatedParty":{"id":"202611291826200002","href":"http://127.0.0.1:39117/partyManagement/individual/202611291826200002","role":"customer","name":"Household 7"},"customerAccount":[{"id":"ca202611291826200003","href":"http://127.0.0.1:39117/customerManagement/customerAccount/ca202611291826200003","name":"100002-1"}]}`
	m := mask.New(nil, mask.Options{})
	for name, document := range map[string]string{"one": customer, "page": "[" + strings.Repeat(customer+",", 19) + customer + "]"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(document)))
			b.ReportAllocs()
			for b.Loop() {
				m.REST("/customerManagement/customer?limit=20", "", "", "application/json", document)
			}
		})
	}
}
