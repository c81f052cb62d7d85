package tmf_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rator/customer"
	"rator/tmf"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// A client that was generated from the R18 and v4 documents: what a type or a
// required attribute says is so, or the whole answer is no good. A pointer is an
// attribute that need not be there; required marks the others.
type (
	strictPeriod struct {
		StartDateTime, EndDateTime *time.Time
	}
	strictRef struct {
		ID, Href, Name, ReferredType *string
	}
	strictCharacteristic struct {
		Name      string
		Value     any `required:"true"`
		ValueType any // a text in v4; v3 has none, and gives back what was written
	}
	strictMedium struct {
		Preferred      *bool
		Type           *string
		MediumType     *string
		ValidFor       *strictPeriod
		Characteristic struct {
			ContactType, EmailAddress, PhoneNumber, FaxNumber, SocialNetworkID, Street1, Street2, City, StateOrProvince, PostCode, Country *string
		}
	}
	strictProfile struct {
		CreditProfileDate time.Time    `required:"true"`
		ValidFor          strictPeriod `required:"true"`
		CreditRiskRating  *int
		CreditScore       *int
	}
	strictCustomer struct {
		ID             string `required:"true"`
		Href           string `required:"true"`
		Name           string `required:"true"`
		Status         string `required:"true"`
		StatusReason   *string
		ValidFor       *strictPeriod
		EngagedParty   *strictRef `required:"true"`
		Account        []strictRef
		PaymentMethod  []strictRef
		Agreement      []strictRef
		RelatedParty   []strictRef
		Characteristic []strictCharacteristic
		ContactMedium  []strictMedium
		CreditProfile  []strictProfile
	}
)

// decodeStrictly reads a list as such a client does.
func decodeStrictly(text string) ([]strictCustomer, error) {
	var all []strictCustomer
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return nil, err
	}
	var raw []map[string]any
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, err
	}
	for i, doc := range raw {
		if err := requiredIn(reflect.TypeFor[strictCustomer](), doc); err != nil {
			return nil, fmt.Errorf("customer %d: %w", i, err)
		}
	}
	return all, nil
}

// requiredIn fails for a required attribute that an object does not have, at any depth.
func requiredIn(of reflect.Type, doc map[string]any) error {
	for i := range of.NumField() {
		f := of.Field(i)
		var value any
		found := false
		for name, v := range doc {
			if strings.EqualFold(strings.TrimPrefix(name, "@"), f.Name) {
				value, found = v, v != nil
			}
		}
		if !found {
			if f.Tag.Get("required") != "" {
				return fmt.Errorf("no %s", f.Name)
			}
			continue
		}
		inner := f.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() != reflect.Struct || inner == reflect.TypeFor[time.Time]() {
			continue
		}
		elements, many := value.([]any)
		if !many {
			elements = []any{value}
		}
		for _, e := range elements {
			object, is := e.(map[string]any)
			if !is {
				return fmt.Errorf("%s is %T", f.Name, e)
			}
			if err := requiredIn(inner, object); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		}
	}
	return nil
}

// odd makes customers that are odd in every way that the 2014 dialect, v3 and SOAP
// let them be.
func (s *shop) odd(t testing.TB) (ids []string) {
	t.Helper()
	id, _ := s.signUp(t, 0, customer.Private, owner)
	ids = append(ids, id)
	for _, body := range []string{
		`{"name":"A","validFor":{"startDateTime":"2013-04-19T16:42:23.0+0000","endDateTime":"2013-04-19"}}`,
		`{"name":"B","validFor":{"startDateTime":"2013-04-19 16:42","endDateTime":null}}`,
		`{"name":7,"customerRank":3,"relatedParty":{"id":9513,"name":1,"@referredType":5},"characteristic":[{"name":1,"value":2,"valueType":3,"@type":{}}]}`,
		`{"name":"C","customerCreditProfile":[{"creditProfileDate":"2013-04-19T20:42:23.0Z","validFor":{"startDateTime":"2013-04-19T20:42:23,5+02"},"creditRiskRating":"1","creditScore":"7e1"}]}`,
		`{"name":"D","contactMedium":[{"type":"TelephoneNumber","preferred":"true","validFor":{"startDateTime":"2013-04-19T24:00:00"},"medium":{"number":4512345678,"faxNumber":{},"socialNetworkId":7}},{"type":"PostalAddress","medium":{"postcode":5000,"city":"Odense"}}]}`,
		`{"name":"E","customerAccount":[{"id":1,"@referredType":7},{"id":"2","name":"n","href":"http://elsewhere.example/2"}],"paymentMean":[{"id":45,"@type":[1]}]}`,
		`{"name":"F","statusReason":8,"engagedParty":"me","account":[7],"agreement":"all","creditProfile":{"creditScore":"x"}}`,
	} {
		ids = append(ids, s.create(t, v2014+"/customer", body))
	}
	ids = append(ids, s.create(t, v3+"/customer", `{"name":"G","paymentMethod":[{"name":"no id"},{"id":"pm1"}],"agreement":[{"name":"no id"}],"validFor":{"startDateTime":"2013-04-19T16:42:23.000+0200"},"creditProfile":[{"creditProfileDate":"2013-04-19","validFor":{},"creditScore":"7"}]}`))
	ids = append(ids, s.create(t, v4+"/customer", `{"name":"H","engagedParty":{"id":"1","@referredType":"Individual"},"validFor":{"startDateTime":"2013-04-19"},"contactMedium":[{"mediumType":"Email","preferred":"false"}],"characteristic":[{"name":"n","value":7},{"name":"o","value":{"p":null},"valueType":"mine"}]}`))
	return ids
}

// TestStrictClientsReadEveryList: whoever wrote what, v3 and v4 answer what their
// documents say, and the 2014 dialect what was written.
func TestStrictClientsReadEveryList(t *testing.T) {
	s := newShop(t)
	ids := s.odd(t)
	s.mixed(t)
	for _, base := range []string{v3, v4} {
		a := s.do(t, "GET", base+"/customer", "")
		all, err := decodeStrictly(a.body)
		if err != nil {
			t.Fatalf("%s: %v", base, err)
		}
		if len(all) < len(ids)+30 {
			t.Fatalf("%s: %d customers", base, len(all))
		}
		for i, c := range all[:len(ids)] {
			if c.ID != ids[i] {
				t.Errorf("%s: %s at %d, want %s", base, c.ID, i, ids[i])
			}
		}
		one, two, scored, reached := all[1], all[2], all[4], all[5]
		day := time.Date(2013, 4, 19, 0, 0, 0, 0, time.UTC)
		if !one.ValidFor.StartDateTime.Equal(day.Add(16*time.Hour+42*time.Minute+23*time.Second)) || !one.ValidFor.EndDateTime.Equal(day) || two.ValidFor.StartDateTime == nil {
			t.Errorf("%s: %+v, %+v", base, one.ValidFor, two.ValidFor)
		}
		if p := scored.CreditProfile; len(p) != 1 || *p[0].CreditScore != 70 || *p[0].CreditRiskRating != 1 {
			t.Errorf("%s: %+v", base, p)
		}
		if m := reached.ContactMedium; len(m) != 2 || !*m[0].Preferred || *m[0].Characteristic.PhoneNumber != "4512345678" || *m[1].Characteristic.PostCode != "5000" {
			t.Errorf("%s: %+v", base, m)
		}
		for _, c := range all {
			for _, characteristic := range c.Characteristic {
				_, isText := characteristic.Value.(string)
				if kind, said := characteristic.ValueType.(string); base == v4 && (!said || isText && kind != "string" && kind != "3") {
					t.Errorf("%s: %+v", base, characteristic)
				}
			}
			// What is read alone is what the list has, and as the document of the dialect says.
			alone := s.do(t, "GET", base+"/customer/"+c.ID, "")
			if _, err := decodeStrictly("[" + alone.body + "]"); err != nil {
				t.Errorf("%s: %v", alone.body, err)
			}
		}
	}
	for _, literal := range []string{"2013-04-19T16:42:23.0+0000", "2013-04-19 16:42", `"creditScore":"7e1"`, `"id":"9513"`, `"number":"4512345678"`, `"postcode":"5000"`} {
		if a := s.do(t, "GET", v2014+"/customer", ""); !strings.Contains(a.body, literal) {
			t.Errorf("2014: %s is not echoed", literal)
		}
	}

	// What v4 does not show stays when a client of v4 writes.
	g := ids[len(ids)-2]
	if a := s.do(t, "GET", v4+"/customer/"+g, ""); strings.Contains(a.body, "no id") {
		t.Errorf("%s", a.body)
	}
	if a := s.do(t, "PATCH", v4+"/customer/"+g, `{"paymentMethod":[{"id":"pm2"}],"statusReason":"r"}`); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	s.do(t, "GET", v3+"/customer/"+g, "").wantIn(t, 200, `{"id":"pm2"`, `"name":"no id"`, `"agreement":[{"name":"no id"}]`)
}

// TestStrictServersRefuseOtherTypes: with --tmf-strict a client of v3 or v4 learns at
// once what its documents do not have.
func TestStrictServersRefuseOtherTypes(t *testing.T) {
	for _, c := range []struct{ base, attribute, where string }{
		{v3, `"validFor":{"startDateTime":"2013-04-19"}`, "validFor.startDateTime must be a date-time (RFC 3339)"},
		{v4, `"validFor":{"endDateTime":"2013-04-19T16:42:23.0+0000"}`, "validFor.endDateTime must be a date-time (RFC 3339)"},
		{v4, `"validFor":{"endDateTime":"2013-04-19T16:42:23"}`, "validFor.endDateTime"},
		{v3, `"creditProfile":[{"creditProfileDate":"2013-04-19T16:42:23Z","validFor":{},"creditScore":"7"}]`, "creditProfile[0].creditScore must be an integer, not a string"},
		{v4, `"creditProfile":[{"creditProfileDate":"2013-04-19T16:42:23Z","validFor":{},"creditRiskRating":7.5}]`, "creditProfile[0].creditRiskRating must be an integer"},
		{v4, `"contactMedium":[{"mediumType":"Email","preferred":"true","characteristic":{}}]`, "contactMedium[0].preferred must be a boolean, not a string"},
		{v3, `"statusReason":7`, "statusReason must be a string, not a number"},
	} {
		body := `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"},` + c.attribute + `}`
		strict := newServer(t, func(c *tmf.Config) { c.Strict = true })
		strict.do(t, "POST", c.base+"/customer", body).refused(t, 400, "4012", c.where)
		if a := newServer(t).do(t, "POST", c.base+"/customer", body); a.status != 201 && !strings.Contains(c.attribute, "7.5") && !strings.Contains(c.attribute, "statusReason") {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	strict := newServer(t, func(c *tmf.Config) { c.Strict = true })
	strict.create(t, v4+"/customer", `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"},"validFor":{"startDateTime":"2013-04-19T16:42:23.059+02:00"}}`)
	strict.create(t, v2014+"/customer", `{"name":"A","validFor":{"startDateTime":"2013-04-19T16:42:23.0+0000"},"customerCreditProfile":[{"creditProfileDate":"2013-04-19","validFor":{},"creditScore":"7"}]}`)
}

// asTexts is a document as a web form sends it back: every value is a text.
func asTexts(v jsondoc.Value) jsondoc.Value {
	switch v.Kind() {
	case jsondoc.Array:
		items := make([]jsondoc.Value, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = asTexts(item)
		}
		return jsondoc.ArrayOf(items...)
	case jsondoc.Object:
		members := make([]jsondoc.Member, len(v.Members()))
		for i, m := range v.Members() {
			members[i] = jsondoc.Member{Name: m.Name, Value: asTexts(m.Value)}
		}
		return jsondoc.ObjectOf(members...)
	}
	return jsondoc.Text(v.Text())
}

// TestWebFormsSendItAllBack: what was read, sent back as it came or as texts, by PATCH
// and by PUT, changes nothing that is read, in any dialect, whatever made the item.
func TestWebFormsSendItAllBack(t *testing.T) {
	s := newShop(t)
	odd := s.odd(t)
	s.mixed(t)
	for _, d := range dialect.All {
		for _, r := range d.Resources {
			for _, doc := range s.do(t, "GET", d.Bases[0].Path+"/"+r.Name, "").value(t).Items() {
				id, _ := doc.Get("id")
				path := d.Bases[0].Path + "/" + r.Name + "/" + url.PathEscape(id.Text())
				isOdd := slices.Contains(odd, id.Text())
				s.sendBack(t, "PATCH", path, doc)
				if d.Put && !isOdd { // a PUT is checked as a POST is
					s.sendBack(t, "PUT", path, doc)
				}
				if !isOdd && !strings.Contains(doc.String(), `"valueType":"number"`) { // where any JSON may stand a text is another value
					s.sendBack(t, "PATCH", path, asTexts(doc))
				}
			}
		}
	}
}

// sendBack writes a document over what it was read from; the 2014 dialect may answer
// a number as the text that came.
func (s *shop) sendBack(t *testing.T, method, path string, doc jsondoc.Value) {
	t.Helper()
	before := s.do(t, "GET", path, "").value(t).Without("lastModified")
	if a := s.do(t, method, path, doc.String()); a.status/100 != 2 {
		t.Errorf("%s %s %s: %d %s", method, path, doc, a.status, a.body)
	}
	after := s.do(t, "GET", path, "").value(t).Without("lastModified")
	if strings.HasPrefix(path, v2014) {
		before, after = asTexts(before), asTexts(after)
	}
	if !before.Equal(after) {
		t.Errorf("%s %s: %s, was %s", method, path, after, before)
	}
}
