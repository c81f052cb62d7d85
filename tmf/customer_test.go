package tmf_test

import "testing"

func TestSmoke(t *testing.T) {
	s := newServer(t)
	a := s.do(t, "POST", v2014+"/customerAccount", `{"name":"Household 7","accountType":"Residential","creditLimit":250,"customer":{"id":"c9"},
 "contact":[{"contactType":"primary","contactName":"A. Berg","contactMedium":[{"type":"Email","medium":{"emailAddress":"a@example.org"}}]}]}`)
	t.Log(a)
	t.Log(s.do(t, "GET", v2014+"/customerAccount/", ""))
	t.Log(s.do(t, "PATCH", v2014+"/customerAccount/ca1/", `{"creditLimit":250.50,"contact":null}`))
	t.Log(s.do(t, "PATCH", v2014+"/customerAccount/ca1/", `[{"op":"replace","path":"/creditLimit","value":7.0},{"op":"test","path":"/name","value":"x"}]`, "Content-Type: application/json-patch+json"))
	t.Log(s.do(t, "GET", v2014+"/customerAccount?creditLimit.gt=250&fields=name,customer.id", ""))
	t.Log(s.do(t, "DELETE", v2014+"/customerAccount/ca1", ""))
}
