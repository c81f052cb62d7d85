package mock_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rator/replay/mock"
	"rator/workflow/contract"
	"rator/workflow/value"
)

func TestIDsAreEchoed(t *testing.T) {
	const a, b, mine = "201512111025000001", "201512111025000002", "202601010000000001"
	request := func(id string) string { return ask("GET", text("ID", id)) }
	dir := folder(t,
		"01-get.request.xml", request(a), "01-get.response.xml", answer(text("ID", a)+text("NAME", "a")+text("OWNER", b)),
		"02-get.request.xml", request(b), "02-get.response.xml", answer(text("ID", b)+text("NAME", "b")))
	_, url := serve(t, mock.Options{}, dir)
	for _, c := range []struct{ id, want string }{
		{b, answer(text("ID", b) + text("NAME", "b"))},
		{mine, answer(text("ID", mine) + text("NAME", "a") + text("OWNER", b))}, // the one nobody asked for yet
		{a, answer(text("ID", a) + text("NAME", "a") + text("OWNER", b))},
	} {
		if got := post(t, url, request(c.id)); got.body != c.want {
			t.Errorf("%s: %s", c.id, got.body)
		}
	}
}

func TestRequestIDsAreEchoed(t *testing.T) {
	relates := `<S:Header><w:RelatesTo xmlns:w="urn:w">urn:uuid:1</w:RelatesTo></S:Header><S:Body>`
	asks := `<S:Header><w:MessageID xmlns:w="urn:w">urn:uuid:1</w:MessageID></S:Header><S:Body>`
	dir := folder(t, "01-x.request.xml", strings.Replace(ask("X", contextOf("REQUEST_ID", "r-1")), "<S:Body>", asks, 1),
		"01-x.response.xml", strings.Replace(answer(text("REQUEST_ID", "r-1")), "<S:Body>", relates, 1))
	_, url := serve(t, mock.Options{}, dir)
	a := post(t, url, strings.Replace(strings.Replace(ask("X", contextOf("REQUEST_ID", "mine")), "<S:Body>", asks, 1), "urn:uuid:1", "urn:uuid:2", 1))
	if want := strings.Replace(strings.Replace(answer(text("REQUEST_ID", "mine")), "<S:Body>", relates, 1), "urn:uuid:1", "urn:uuid:2", 1); a.body != want {
		t.Errorf("%s\nwant %s", a.body, want)
	}
}

func TestPlaceholders(t *testing.T) {
	dir := folder(t,
		"scenario.toml", "[variables]\nTOWN = \"Århus & by\"\n",
		"01-x.request.xml", ask("X", text("NAME", "${NAME}")+text("NOTE", "no. ${no} of ${all}")+text("ANY", "${xmlunit.ignore}")+text("N", "${xmlunit.isNumber}")),
		"01-x.response.xml", answer(text("A", "${NAME} no. ${no}")+text("B", "${TOWN}")+text("C", "${xmlunit.isNumber}")+text("D", "${xmlunit.isDateTime}")+
			text("E", `${xmlunit.matchesRegex(\d{3}-[a-f]+(x|y)&lt;)}`)+text("F", "${capture:token}")+text("G", "$${G}${xmlunit.ignore}")),
		"02-y.request.xml", ask("Y", text("ID", "$${plain}")), "02-y.response.xml", answer(""))
	_, url := serve(t, mock.Options{Now: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }}, dir)
	request := func(name, note, n string) string {
		return ask("X", text("NAME", name)+text("NOTE", note)+text("ANY", "")+text("N", n))
	}
	a := post(t, url, request("Åse &amp; co", "no. 17 of 20", "5"))
	want := answer(text("A", "Åse &amp; co no. 17") + text("B", "Århus &amp; by") + text("C", "0") + text("D", "2026-01-02T03:04:05Z") +
		text("E", "000-ax&lt;") + text("F", "token") + text("G", "${G}"))
	if a.body != want {
		t.Errorf("%s\nwant %s", a.body, want)
	}
	if a := post(t, url, ask("Y", text("ID", "${plain}"))); a.status != http.StatusOK {
		t.Errorf("what is no placeholder: %+v", a)
	}
	if a := post(t, url, request("", "no. 17 of 20", "5")); a.status != http.StatusOK {
		t.Errorf("an empty name: %+v", a)
	}
	if a := post(t, url, request("x", "17 of 20", "5")); !strings.Contains(a.body, "arg0/values[NOTE]") {
		t.Errorf("another note: %+v", a)
	}
	if a := post(t, url, request("x", "no. 17 of 20", "five")); !strings.Contains(a.body, "arg0/values[N] is") {
		t.Errorf("no number: %+v", a)
	}
}

func TestVolatileValuesDoNotCount(t *testing.T) {
	contracts := func(hookpoint string) *contract.Contract {
		return &contract.Contract{Hookpoint: hookpoint, Request: []*contract.Value{{Key: "TOKEN", Type: value.String, Volatile: true}, {Key: "SSN", Type: value.String, Secret: contract.Masked}}}
	}
	dir := folder(t, "01-x.request.xml", ask("X", text("TOKEN", "abc")+text("SSN", "1")), "01-x.response.xml", answer(text("TOKEN", "abc")))
	_, url := serve(t, mock.Options{Contracts: contracts}, dir)
	if a := post(t, url, ask("X", text("TOKEN", "xyz")+text("SSN", "1"))); a.body != answer(text("TOKEN", "xyz")) {
		t.Errorf("%+v", a)
	}
	if a := post(t, url, ask("X", text("TOKEN", "xyz")+text("SSN", "77"))); !strings.Contains(unescaped(a.body), `arg0/values[SSN] is "***" (recorded: "***")`) {
		t.Errorf("%+v", a)
	}
}
