package tmf_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rator/tmf"
	"rator/tmf/dialect"
)

// TestMounted: on a mux, as it is served, whatever is below the first part of a base
// path is answered by the face: net/http's own texts are nowhere.
func TestMounted(t *testing.T) {
	s := newServer(t)
	mux := http.NewServeMux()
	s.handler.Mount(mux)
	s.mounted = mux
	for _, d := range dialect.All {
		for _, b := range d.Bases {
			if a := s.do(t, "GET", b.Path+"/customer", ""); a.status != 200 || a.body != "[]" {
				t.Errorf("%s: %d %s", b.Path, a.status, a.body)
			}
			above := b.Path
			for above != "/api" && above != "" { // /api is anybody's
				s.do(t, "GET", above+"/nothing", "").refused(t, 404, "4041")
				s.do(t, "DELETE", above+"/nothing/at/all", "").refused(t, 404, "4041")
				above = above[:strings.LastIndexByte(above, '/')]
			}
			s.do(t, "DELETE", b.Path+"/customer", "").refused(t, 405, "4050")
			s.do(t, "POST", b.Path, "").refused(t, 405, "4050")
		}
	}
}

// TestAddressesFollowTheBase: whichever of a dialect's base paths is asked, href and
// Location are below it, and what was made there is found below every other.
func TestAddressesFollowTheBase(t *testing.T) {
	s := newShop(t)
	for _, d := range dialect.All {
		for _, b := range d.Bases {
			a := s.do(t, "POST", b.Path+"/customer", `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"}}`)
			want := "http://tmf.example:8080" + b.Path + "/customer/" + a.member(t, "id")
			if a.status != 201 || a.member(t, "href") != want || a.header.Get("Location") != want {
				t.Errorf("%s: %d %s, at %s", b.Path, a.status, a.body, a.header.Get("Location"))
			}
			for _, other := range d.Bases {
				if got := s.do(t, "GET", other.Path+"/customer/"+a.member(t, "id"), "").member(t, "href"); got != strings.Replace(want, b.Path, other.Path, 1) {
					t.Errorf("%s: %s", other.Path, got)
				}
			}
			if got := dialect.RightOf("GET", b.Path+"/customer"); got != "TMF_GET_CUSTOMER" {
				t.Errorf("%s needs %q", b.Path, got)
			}
		}
	}
}

// TestCacheBusters: what scripts add for browsers' caches is no attribute, in lists
// and single reads of every dialect, and no page is linked with it.
func TestCacheBusters(t *testing.T) {
	s := newServer(t)
	for _, base := range []string{v2014, v3, v4} {
		s.create(t, base+"/customer", `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"}}`)
		s.create(t, base+"/customer", `{"name":"B","engagedParty":{"id":"1","@referredType":"Individual"}}`)
		for _, query := range []string{"_=1764378000000", "_=", "_=1&_=2", "_=%F0%9F%99%82&name=A"} {
			if a := s.do(t, "GET", base+"/customer?"+query, ""); a.status != 200 {
				t.Errorf("%s?%s: %d %s", base, query, a.status, a.body)
			}
			if a := s.do(t, "GET", base+"/customer/c1?"+query, ""); a.status != 200 || a.member(t, "name") != "A" {
				t.Errorf("%s?%s: %d %s", base, query, a.status, a.body)
			}
		}
		a := s.do(t, "GET", base+"/customer?limit=1&_=1&fields=name", "")
		if link := a.header.Get("Link"); !strings.Contains(link, "fields=name&offset=1") || strings.Contains(link, "_=") {
			t.Errorf("%s: %s", base, link)
		}
		s.do(t, "GET", base+"/customer?__=1", "").refused(t, 400, "4001")
	}
}

// TestPreflight: a page of an origin that is let in learns, without credentials,
// what it may send and read; one of another origin learns nothing.
func TestPreflight(t *testing.T) {
	const crm = "https://crm.example.com"
	ask := func(s *server, origin string) http.Header {
		r := httptest.NewRequest("OPTIONS", "http://tmf.example:8080"+v4+"/customer/c1", nil)
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", "PATCH")
		r.Header.Set("Access-Control-Request-Headers", "authorization,content-type,idempotency-key,x-brand-key")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code != http.StatusNoContent {
			t.Errorf("%s: %d", origin, w.Code)
		}
		return w.Header()
	}
	s := newServer(t, func(c *tmf.Config) { c.Origins = []string{crm, "http://localhost:3000"} })
	h := ask(s, crm)
	if h.Get("Access-Control-Allow-Origin") != crm || h.Get("Vary") != "Origin" || h.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("%v", h)
	}
	for _, name := range []string{"Authorization", "Content-Type", "Accept", "X-Brand-Key", "Idempotency-Key", "If-Match", "Range"} {
		if !strings.Contains(h.Get("Access-Control-Allow-Headers"), name) {
			t.Errorf("%s may not be sent: %v", name, h)
		}
	}
	if !strings.Contains(h.Get("Access-Control-Allow-Methods"), "PATCH") {
		t.Errorf("%v", h)
	}
	for _, other := range []string{"https://crm.example.com.evil.example", "http://crm.example.com", "null", crm + ":8443"} {
		if h := ask(s, other); h.Get("Access-Control-Allow-Origin") != "" || h.Get("Access-Control-Allow-Headers") != "" || h.Get("Vary") != "Origin" {
			t.Errorf("%s: %v", other, h)
		}
	}
	a := s.do(t, "GET", v4+"/customer/none", "", "Origin: "+crm)
	a.refused(t, 404, "4041")
	for _, name := range []string{"Location", "X-Total-Count", "X-Result-Count", "Link", "ETag", "Idempotent-Replayed", "Retry-After"} {
		if !strings.Contains(a.header.Get("Access-Control-Expose-Headers"), name) {
			t.Errorf("%s may not be read: %v", name, a.header)
		}
	}
	if h := ask(newServer(t, func(c *tmf.Config) { c.Origins = []string{tmf.AnyOrigin} }), "null"); h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("%v", h)
	}
	if h := ask(newServer(t), crm); h.Get("Access-Control-Allow-Origin") != "" || h.Get("Vary") != "" {
		t.Errorf("without origins: %v", h)
	}
}

func TestOriginsAreChecked(t *testing.T) {
	for origin, right := range map[string]bool{
		"*": true, "https://crm.example.com": true, "http://localhost:3000": true, "http://[::1]:3000": true, "http://127.0.0.1": true,
		"crm.example.com": false, "https://crm.example.com/": false, "https://crm.example.com/app": false, "https://CRM.example.com": false,
		"https://crm.example.com:443": false, "http://crm.example.com:80": false, "null": false, "": false, "https://*.example.com": false,
		"ftp://crm.example.com": false, "https://u:p@crm.example.com": false, "https://crm.example.com?x": false,
	} {
		if err := tmf.CheckOrigin(origin); (err == nil) != right {
			t.Errorf("%q: %v", origin, err)
		}
	}
}
