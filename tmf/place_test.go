package tmf_test

import (
	"testing"

	"rator/customer"
)

// TestPlacesThatAreNotUnderstood: an address whose country or state could be in no tax
// table is refused on every way in; one by its names is taken, and stays as it was
// written.
func TestPlacesThatAreNotUnderstood(t *testing.T) {
	s := newShop(t)
	id, _ := s.signUp(t, 0, customer.Private, owner)
	const medium = `"contactMedium":[{"type":"PostalAddress","medium":{"street1":"Algade 7",`
	nowhere, noState := medium+`"country":"Nowhere"}}]`, medium+`"country":"USA","stateOrProvince":"Kolorado"}}]`
	for _, member := range []string{nowhere, noState} {
		s.do(t, "POST", v2014+"/customer", `{"name":"Bo Ek",`+member+`}`).refused(t, 400, "4000", "PLACE_NOT_UNDERSTOOD")
		s.do(t, "PUT", v2014+"/customer/"+id, `{"name":"Bo Ek",`+member+`}`).refused(t, 400, "4000", "PLACE_NOT_UNDERSTOOD")
		s.do(t, "PATCH", v2014+"/customer/"+id, `{`+member+`}`).refused(t, 400, "4000", "PLACE_NOT_UNDERSTOOD")
	}
	s.do(t, "PATCH", v4+"/customer/"+id, `{"contactMedium":[{"mediumType":"PostalAddress","characteristic":{"country":"Nowhere"}}]}`).refused(t, 400, "4000", "PLACE_NOT_UNDERSTOOD")
	s.do(t, "GET", v2014+"/customer/"+id, "").wantIn(t, 200, `"country":"DK"`, "!Nowhere", "!Kolorado")
	s.do(t, "PATCH", v2014+"/customer/"+id, `{`+medium+`"country":"United States","stateOrProvince":"Colorado"}}]}`).
		wantIn(t, 200, `"country":"United States"`, `"stateOrProvince":"Colorado"`)
}
