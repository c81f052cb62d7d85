package tmf_test

import (
	"fmt"
	"testing"
)

// sevenOf makes seven customers in each dialect.
func sevenOf(t testing.TB, s *server) {
	t.Helper()
	for i := range 7 {
		s.create(t, v2014+"/customer", fmt.Sprintf(`{"name":"N%d","status":"S%d"}`, i, i%2))
		s.create(t, v3+"/customer", fmt.Sprintf(`{"name":"N%d"}`, i))
		s.create(t, v4+"/customer", fmt.Sprintf(`{"name":"N%d","engagedParty":{"id":"1","@referredType":"Individual"}}`, i))
	}
}

// TestPaging: "paging", "status when paged" and "range form" of tmf-customer.md
// 3, over a collection that counts and over one that does not.
func TestPaging(t *testing.T) {
	for _, blind := range []bool{false, true} {
		s := newServer(t)
		sevenOf(t, s)
		for _, m := range s.memories {
			m.blind = blind
		}
		for _, c := range []struct {
			target, header  string
			status          int
			want            string
			length, content string
		}{
			{v2014 + "/customer", "", 200, "c1 c2 c3 c4 c5 c6 c7", "7", ""},
			{v2014 + "/customer?limit=3", "", 206, "c1 c2 c3", "3", "items 1-3/7"},
			{v2014 + "/customer?offset=2&limit=3", "", 206, "c3 c4 c5", "3", "items 3-5/7"},
			{v2014 + "/customer?offset=5", "", 206, "c6 c7", "2", "items 6-7/7"},
			{v2014 + "/customer?offset=5&limit=3", "", 206, "c6 c7", "2", "items 6-7/7"},
			{v2014 + "/customer?limit=7", "", 200, "c1 c2 c3 c4 c5 c6 c7", "7", ""},
			{v2014 + "/customer?limit=100", "", 200, "c1 c2 c3 c4 c5 c6 c7", "7", ""},
			{v2014 + "/customer?limit=0", "", 200, "", "0", ""},
			{v2014 + "/customer?offset=0", "", 200, "c1 c2 c3 c4 c5 c6 c7", "7", ""},
			{v2014 + "/customer?offset=7", "", 200, "", "0", ""},
			{v3 + "/customer?limit=3", "", 206, "c1 c2 c3", "3", "items 1-3/7"},
			{v4 + "/customer?limit=3", "", 200, "c1 c2 c3", "3", ""},
			{v2014 + "/customer", "items=1-3", 206, "c1 c2 c3", "3", "items 1-3/7"},
			{v2014 + "/customer", "items=6-10", 206, "c6 c7", "2", "items 6-7/7"},
			{v2014 + "/customer", "items=6-", 206, "c6 c7", "2", "items 6-7/7"},
			{v2014 + "/customer", "items=1-10", 206, "c1 c2 c3 c4 c5 c6 c7", "7", "items 1-7/7"},
			{v4 + "/customer", "items=2-2", 206, "c2", "1", "items 2-2/7"},
			{v2014 + "/customer", "bytes=0-1", 200, "c1 c2 c3 c4 c5 c6 c7", "7", ""},
			{v2014 + "/customer?sort=-name&offset=1&limit=2", "", 206, "c6 c5", "2", "items 2-3/7"},
		} {
			a := s.do(t, "GET", c.target, "", "Range: "+c.header)
			if a.status != c.status || ids(t, a) != c.want || a.header.Get("X-Total-Count") != "7" ||
				a.header.Get("X-Result-Count") != c.length || a.header.Get("Content-Range") != c.content {
				t.Errorf("blind %t %s Range %q: %d %q %v", blind, c.target, c.header, a.status, ids(t, a), a.header)
			}
			head := s.do(t, "HEAD", c.target, "", "Range: "+c.header)
			if head.status != c.status || head.body != "" || head.header.Get("X-Total-Count") != "7" || head.header.Get("X-Result-Count") != c.length {
				t.Errorf("blind %t HEAD %s: %d %q %v", blind, c.target, head.status, head.body, head.header)
			}
		}
		a := s.do(t, "GET", v2014+"/customer?status=S1&limit=2", "")
		if a.status != 206 || ids(t, a) != "c2 c4" || a.header.Get("X-Total-Count") != "3" || a.header.Get("Content-Range") != "items 1-2/3" {
			t.Errorf("filtered: %v", a)
		}
		if a := s.do(t, "GET", v2014+"/customer?status=none&offset=3", ""); a.status != 200 || a.body != "[]" {
			t.Errorf("filtered to nothing: %v", a)
		}
		for _, method := range []string{"GET", "HEAD"} {
			for target, header := range map[string]string{"?offset=8": "", "?offset=8&limit=2": "", "?sort=name&offset=9": "", "": "items=8-9"} {
				a := s.do(t, method, v2014+"/customer"+target, "", "Range: "+header)
				if a.status != 416 || a.header.Get("Content-Range") != "items */7" {
					t.Errorf("blind %t %s %q: %v", blind, target, header, a)
				}
			}
		}
		s.do(t, "GET", v2014+"/customer?offset=8", "").refused(t, 416, "4160", "item 9 is asked for, of 7")
	}
	s := newServer(t)
	s.do(t, "GET", v2014+"/customer", "").want(t, 200, "[]")
	s.do(t, "GET", v2014+"/customer?offset=3", "").want(t, 200, "[]")
	s.do(t, "GET", v2014+"/customer", "", "Range: items=1-2").refused(t, 416, "4160", "of 0")
	for _, header := range []string{"items=0-3", "items=3-1", "items=-3", "items=1-2,4-5", "items=a-b", "items="} {
		s.do(t, "GET", v2014+"/customer", "", "Range: "+header).refused(t, 400, "4012", "Range")
	}
	s.do(t, "GET", v2014+"/customer?limit=1", "", "Range: items=1-2").refused(t, 400, "4001", "Range and offset")
}

func TestPageLinks(t *testing.T) {
	s := newServer(t)
	sevenOf(t, s)
	at := func(offset int) string {
		return fmt.Sprintf("<http://tmf.example:8080/customerManagement/customer?sort=name&name.gt=A&offset=%d&limit=3>", offset)
	}
	for offset, want := range map[int]string{
		0: at(0) + `; rel="first", ` + at(3) + `; rel="next", ` + at(6) + `; rel="last"`,
		3: at(0) + `; rel="first", ` + at(0) + `; rel="prev", ` + at(6) + `; rel="next", ` + at(6) + `; rel="last"`,
		5: at(0) + `; rel="first", ` + at(2) + `; rel="prev", ` + at(6) + `; rel="last"`,
		6: at(0) + `; rel="first", ` + at(3) + `; rel="prev", ` + at(6) + `; rel="last"`,
	} {
		a := s.do(t, "GET", fmt.Sprintf("%s/customer/?sort=name&limit=3&name.gt=A&offset=%d", v2014, offset), "")
		if got := a.header.Get("Link"); got != want {
			t.Errorf("offset %d: %s\nwant %s", offset, got, want)
		}
	}
	for _, target := range []string{"", "?offset=3", "?limit=0"} {
		if a := s.do(t, "GET", v2014+"/customer"+target, ""); a.header.Get("Link") != "" {
			t.Errorf("%s: %v", target, a.header)
		}
	}
	a := s.do(t, "GET", v2014+`/customer?limit=1&name.gt="A>`, "")
	if want := `<http://tmf.example:8080/customerManagement/customer?name.gt=%22A%3E&offset=0&limit=1>; rel="first", `; len(a.header.Get("Link")) < len(want) || a.header.Get("Link")[:len(want)] != want {
		t.Errorf("%s", a.header.Get("Link"))
	}
}

// TestCountSavesReading: a page of a list whose length is known is read no
// further than it goes.
func TestCountSavesReading(t *testing.T) {
	s := newServer(t)
	sevenOf(t, s)
	m := s.memories["2014 customer"]
	if s.do(t, "GET", v2014+"/customer?limit=2&offset=1", ""); m.listed != 2 {
		t.Errorf("%d items were read for 2 after 1", m.listed)
	}
	m.listed = 0
	if s.do(t, "HEAD", v2014+"/customer", ""); m.listed != 0 {
		t.Errorf("%d items were read for a number", m.listed)
	}
}
