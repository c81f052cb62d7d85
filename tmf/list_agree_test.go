package tmf_test

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/suite"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/query"
)

// mixed makes customers of all kinds, from all sides: by SOAP, by every dialect,
// and changed by the other side since.
func (s *shop) mixed(t testing.TB) {
	t.Helper()
	var ids []string
	for i := range 40 {
		f, kind := owner, customer.Private
		f.LastName = fmt.Sprint("Nr", i)
		switch i % 8 {
		case 1:
			kind, f = customer.Company, customer.UserFields{Company: fmt.Sprint("Firm ", i), VATNumber: "DK1", Email: "FIRM@example.com", Email2: "two@example.com"}
		case 2:
			f = customer.UserFields{}
		case 3:
			f.Country, f.Fax, f.Phone2 = "SE", "4533445566", "4577889900"
		case 4:
			f.ZIP, f.ZIPExtension, f.StreetDirection, f.Address2, f.State = "80202", "1234", "N", "c/o \"Berg\"", "CO"
		}
		id, account := s.signUp(t, i, kind, f)
		ids = append(ids, id)
		s.update(t, func(tx store.Tx, b *catalogue.Brand) error {
			groups, err := customer.BillingGroupsOf(tx, account)
			if err != nil || i%5 == 4 {
				return err
			}
			if i%4 == 1 {
				_, err = customer.UpdateBillingGroup(tx, b, groups[0].ID, func(f *customer.BillingGroupFields) error {
					f.IBANNumber, f.BankIdentifierCode = "DK5000400440116243", "DABADKKK"
					return nil
				})
			} else if i%4 == 2 {
				_, err = customer.CreateRechargeTicket(tx, b, groups[0].ID, customer.RechargeTicketFields{TicketID: fmt.Sprint("t", i)})
			}
			return err
		})
	}
	patch := func(path, body string) {
		t.Helper()
		if a := s.do(t, "PATCH", path, body, "Content-Type: application/merge-patch+json"); a.status/100 != 2 {
			t.Fatalf("PATCH %s %s: %d %s", path, body, a.status, a.body)
		}
	}
	patch(v2014+"/customer/"+ids[3], `{"description":"d","status":"Vip","contactMedium":[{"type":"Email","medium":{"emailAddress":"a1@example.com"}},{"type":"e-mail","medium":{"emailAddress":"a2@example.com"}},{"type":"Email","medium":{"emailAddress":"a3@example.com"}}]}`)
	patch(v2014+"/customer/"+ids[5], `{"status":"Prospective","relatedParty":{"id":"elsewhere","role":"buyer"},"name":"Two  Spaces"}`)
	patch(v3+"/customer/"+ids[6], `{"contactMedium":[{"type":"Email","characteristic":{"emailAddress":"Late@Example.com"}},{"type":"Phone","characteristic":{"phoneNumber":"+45 11"}}]}`)
	companyGroup := "/customerAccount?accountType=Business&fields=id&limit=1"
	patch(v2014+"/customerAccount/"+s.do(t, "GET", v2014+companyGroup, "").member(t, "id"), `{"accountType":"Business ","description":"told"}`)
	patch(v2014+"/customerAccount/"+s.do(t, "GET", v2014+companyGroup, "").member(t, "id"), `{"accountType":"Joint","description":"told"}`)
	patch(v4+"/customer/"+ids[7], `{"characteristic":[{"name":"size","value":7},{"name":"customerRank","value":"9"}],"account":[{"id":"dangling","name":"d"}]}`)
	for i, c := range []struct{ base, body string }{
		{v2014, `{"name":"Ann Berg","customerRank":"3","contactMedium":[{"type":"Email","medium":{"emailAddress":"ann@example.com"}},{"type":"Email","medium":{"emailAddress":"ann2@example.com"}},{"type":"Email","medium":{"emailAddress":"ann3@example.com"}}]}`},
		{v2014, `{"name":"Bo Berg","status":"Prospective","validFor":{"startDateTime":"2013-06-19T04:00:00Z"},"relatedParty":{"id":"b","name":"Bo"},"characteristic":[{"name":"hobby","value":"golf"}],"customerCreditProfile":[{"creditProfileDate":"2013-04-19T20:42:23.0Z","validFor":{},"creditScore":70}],"paymentMean":[{"id":"pm1"}]}`},
		{v3, `{"name":"Carl","status":"Created","contactMedium":[{"type":"Email","characteristic":{"emailAddress":"carl@example.com","city":"Odense"}}],"engagedParty":{"id":"7"}}`},
		{v4, `{"name":"Dan","engagedParty":{"id":"8","@referredType":"Individual"},"contactMedium":[{"mediumType":"PostalAddress","characteristic":{"city":"Odense","postCode":"5000"}}]}`},
		{v4, `{"name":"Eve","engagedParty":{"id":"9","@referredType":"Organization"},"statusReason":"new"}`},
	} {
		id := s.create(t, c.base+"/customer", c.body)
		ids = append(ids, id)
		if i == 1 {
			s.subscribe(t, id)
		}
		s.create(t, v2014+"/customerAccount", fmt.Sprintf(`{"name":"Account %d","accountType":"Residential","creditLimit":%d,"customer":{"id":"%s"},"description":"x"}`, i, i*100, id))
		s.create(t, v2014+"/customerAccount", fmt.Sprintf(`{"name":"Waits %d","accountType":"%s","status":"in progress","customer":{"id":"later%d"}}`, i, []string{"Joint", "Residential"}[i%2], i))
		s.create(t, v2014+"/paymentMean", fmt.Sprintf(`{"name":"Mean %d","type":"BankAccountDebit","relatedParty":{"id":"7"},"bankAccount":{"IBAN":"DK%d"}}`, i, i))
	}
	email := func(f *customer.UserFields) { f.Email, f.City = "changed@example.com", "Skagen" }
	s.changeOwnerFields(t, ids[3], email)
	s.changeOwnerFields(t, ids[40], email)
	s.do(t, "DELETE", v2014+"/customer/"+ids[0], "").want(t, 204, "")
}

// TestListsAgreeWithDocuments: whatever way a list takes through the store, it
// gives the items whose documents, as they are answered, match, and counts them.
// Every attribute that any document has is asked for by some of its values.
func TestListsAgreeWithDocuments(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := newShop(t)
	s.mixed(t)
	for _, d := range dialect.All {
		for _, r := range d.Resources {
			base := d.Bases[0].Path + "/" + r.Name
			docs := s.do(t, "GET", base, "").value(t).Items()
			if len(docs) < 10 {
				t.Fatalf("%s: %d documents", base, len(docs))
			}
			ids := make([]string, len(docs))
			values := map[string]map[string]bool{}
			for i, doc := range docs {
				id, _ := doc.Get("id")
				ids[i] = id.Text()
				scalars(doc, "", values)
			}
			asked := 0
			ask := func(raw string) {
				t.Helper()
				q, err := query.Parse(raw, r.Shape, d.Selected, time.UTC)
				if err != nil {
					return // the tables have no such attribute, or no such operator for it
				}
				asked++
				var want []string
				for i, doc := range docs {
					if q.Filter.Match(doc) {
						want = append(want, ids[i])
					}
				}
				a := s.do(t, "GET", base+"?"+raw, "")
				var got []string
				for _, item := range a.value(t).Items() {
					id, _ := item.Get("id")
					got = append(got, id.Text())
				}
				total := a.header.Get("X-Total-Count")
				if strings.Contains(raw, "sort=") {
					slices.SortFunc(got, func(a, b string) int { return cmp.Compare(slices.Index(ids, a), slices.Index(ids, b)) })
				}
				if a.status != 200 || !slices.Equal(got, want) || total != strconv.Itoa(len(want)) {
					t.Errorf("%s?%s: %d, %s in all: %s, want %s", base, raw, a.status, total, got, want)
				}
				if asked%10 != 0 {
					return
				}
				head := s.do(t, "HEAD", base+"?"+raw+"&limit=2&offset=1", "")
				if len(want) > 1 && head.header.Get("X-Total-Count") != total {
					t.Errorf("%s?%s: HEAD counts %s, not %s", base, raw, head.header.Get("X-Total-Count"), total)
				}
			}
			for _, path := range slices.Sorted(maps.Keys(values)) {
				all := slices.Sorted(maps.Keys(values[path]))
				some := 3
				if slices.Contains(indexedPaths, path) {
					some = min(len(all), 20)
				}
				for i := range some {
					if len(all) == 0 {
						break
					}
					n := i * 7 % len(all)
					value := url.QueryEscape(all[n])
					all = slices.Delete(all, n, n+1)
					ask(path + "=" + value)
					switch i {
					case 0:
						ask(path + ".gt=" + value)
						ask(path + ".regex=" + url.QueryEscape("^.*[1a]"))
						ask(path + "=nothing")
						ask("sort=-" + path)
					case 1:
						ask(path + "=" + value + "&status=Active")
						ask(path + "=" + value + "&name=Account%204,Carl;name=Dan")
						ask(path + "=" + value + ";status=active")
						ask("sort=name&" + path + ".lte=" + value)
					case 2:
						ask(path + "=" + value + "," + url.QueryEscape(strings.ToUpper(strings.Join(all, ","))))
					}
				}
			}
			if asked < 50 {
				t.Errorf("%s: %d queries are few", base, asked)
			}
		}
	}
}

// indexedPaths are those that a list finds by an index: they are asked for by every
// value.
var indexedPaths = []string{
	"id", "name", "status", "accountType", "relatedParty.id", "engagedParty.id", "customer.id",
	"contactMedium.medium.emailAddress", "contactMedium.characteristic.emailAddress",
}

// scalars collects the texts at every dotted path.
func scalars(v jsondoc.Value, path string, values map[string]map[string]bool) {
	switch v.Kind() {
	case jsondoc.Array:
		for _, item := range v.Items() {
			scalars(item, path, values)
		}
	case jsondoc.Object:
		for _, m := range v.Members() {
			name := m.Name
			if path != "" {
				name = path + "." + name
			}
			scalars(m.Value, name, values)
		}
	case jsondoc.Null:
	default:
		if values[path] == nil {
			values[path] = map[string]bool{}
		}
		values[path][v.Text()] = true
	}
}
