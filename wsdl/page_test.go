package wsdl_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/event"
	"rator/wire"
	"rator/workflow/contract"
	"rator/wsdl"
)

func TestPage(t *testing.T) {
	got := ask(http.MethodGet, "")
	if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%d %s", got.StatusCode, got.Header.Get("Content-Type"))
	}
	page := body(t, got)
	compare(t, "page.html", []byte(page))

	if strings.Contains(page, internal().Hookpoint) {
		t.Error("an internal hookpoint is shown")
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("id %s is there twice", m[1])
		}
		ids[m[1]] = true
	}
	links := regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1)
	for _, m := range links {
		if id, err := url.PathUnescape(m[1]); err != nil || !ids[id] {
			t.Errorf("the link to #%s leads nowhere", m[1])
		}
	}
	if want := len(shown()) + 1; len(links) < want {
		t.Errorf("%d links inside the page, want at least %d", len(links), want)
	}
}

// Every link of the page to the server is answered.
func TestPageLinksAreAnswered(t *testing.T) {
	links := regexp.MustCompile(`href="(\?[^"]*)"`).FindAllStringSubmatch(body(t, ask(http.MethodGet, "")), -1)
	if len(links) != 5+len(shown()) {
		t.Errorf("%d links", len(links))
	}
	for _, m := range links {
		if got := ask(http.MethodGet, strings.ReplaceAll(m[1], "&amp;", "&")); got.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", m[1], got.StatusCode)
		}
	}
}

// Every topic is reached from the contents, whoever declares it, and says all it has.
func TestPageHasEveryTopic(t *testing.T) {
	page := body(t, ask(http.MethodGet, ""))
	for name, says := range map[string][]string{
		"line.blocked":   {"<p>Told when a line was blocked &amp; why.</p>", "<code>LINE_ID</code></td><td>id</td><td>yes</td>", "the event&#39;s subject", "From when on."},
		"user.token":     {"It holds a secret: no pattern matches it, only its name.", "<code>TOKEN</code></td><td>text</td>", "secret: emptied"},
		"site.suspended": {"<p>Told when a customer was &lt;suspended&gt; for fraud.</p>", "<code>ACCOUNT_ID</code>", "at most 18 characters", "list of long", "<code>CASE/NAME</code>"},
		"site.bare":      {"nothing of its own"},
	} {
		if !strings.Contains(page, `<li><a href="#`+name+`">`+name+`</a></li>`) {
			t.Errorf("the contents do not lead to %s", name)
		}
		_, shown, _ := strings.Cut(page, `<h3 id="`+name+`">`)
		shown, _, _ = strings.Cut(shown, "</section>")
		for _, text := range says {
			if !strings.Contains(shown, text) {
				t.Errorf("%s does not say %s:\n%s", name, text, shown)
			}
		}
		if secret := strings.Contains(shown, "secret"); secret != (name == "user.token") {
			t.Errorf("%s holds a secret: %v", name, secret)
		}
	}
}

func TestPageOfAnEmptySetSaysSo(t *testing.T) {
	page, err := wsdl.Page(nil, nil, endpoint)
	if err != nil || !strings.Contains(string(page), "No hookpoint is loaded") {
		t.Errorf("%v\n%s", err, page)
	}
}

func TestPageEscapesWhatContractsSay(t *testing.T) {
	const hostile = `<script>alert("x")</script>`
	page, err := wsdl.Page([]*contract.Contract{{
		Hookpoint: "SOAP_X", Desc: hostile, Area: hostile,
		Request: []*contract.Value{{Key: "A", Type: 1, Desc: hostile, HasDef: true, Default: hostile}},
		Errors:  []contract.Failure{{Name: "X", Number: 10001, Text: map[string]string{"EN": hostile}}},
		Events:  []*contract.Event{{Name: "site.x", Desc: hostile, Values: []*contract.Value{{Key: "A", Type: 1, Desc: hostile}}}},
	}}, []*event.Topic{{Name: "our.x", When: hostile, Keys: []event.Key{{Name: "A", Desc: hostile}}}}, "http://h/"+hostile)
	if err != nil || strings.Contains(string(page), "<script") {
		t.Errorf("%v: a contract can put markup on the page", err)
	}
}

// The page that is kept is that of the set that runs, with the address of whom
// it is for.
func TestPageFollowsTheSetAndTheAddress(t *testing.T) {
	running := []*contract.Contract{signup()}
	h := wsdl.New(func() []*contract.Contract { return running }, topics(), func(r *http.Request) string { return wire.Address(r, false) })
	for _, c := range []struct {
		host string
		set  []*contract.Contract
	}{
		{"one.example.com", running},
		{"two.example.com", running},
		{"two.example.com", []*contract.Contract{bareCall()}},
		{`<script>`, []*contract.Contract{everyType(), bareCall()}},
	} {
		running = c.set
		r := httptest.NewRequest(http.MethodGet, "/workflow-soap/InvokerService", nil)
		r.Host = c.host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		want, err := wsdl.Page(c.set, topics(), wire.Address(r, false))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), w.Body.String()); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.host, diff)
		}
	}
}
