package soap_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"rator/charset"
	"rator/server/servertest"
	"rator/soap"
	"rator/wire"
	"rator/workflow/value"
)

func TestDocumentedCharsets(t *testing.T) {
	for _, row := range servertest.DocsTable(t, "soap.md", "character set ") {
		named, _, _ := strings.Cut(row[1], ";")
		for alias := range strings.SplitSeq(named, ",") {
			alias = strings.Trim(strings.TrimSpace(alias), "`")
			if is := charset.Of(alias); !strings.HasPrefix(string(is), row[0]) {
				t.Errorf("%s is %q, in the docs %s", alias, is, row[0])
			}
		}
		if !strings.Contains(charset.Taken, row[0]) {
			t.Errorf("%s is not taken", row[0])
		}
	}
}

func TestDocumentedAddresses(t *testing.T) {
	base := strings.TrimSuffix(servertest.New(t).Endpoint, wire.Path)
	for _, row := range servertest.DocsTable(t, "soap.md", "GET ") {
		r, err := http.Get(base + strings.Trim(row[0], "`"))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		want := "text/xml; charset=utf-8"
		switch {
		case strings.Contains(row[1], "page") && strings.HasPrefix(row[1], "200"):
			want = "text/html; charset=utf-8"
		case strings.HasPrefix(row[1], "404"):
			want = "text/plain; charset=utf-8"
		}
		if err != nil || !strings.HasPrefix(row[1], strconv.Itoa(r.StatusCode)) || r.Header.Get("Content-Type") != want || len(body) == 0 {
			t.Errorf("%s: %v %d %s, in the docs %s", row[0], err, r.StatusCode, r.Header.Get("Content-Type"), row[1])
		}
	}
}

// An answer that holds a secret is never packed, whoever asks.
func TestSecretAnswersAreNotPacked(t *testing.T) {
	dir := t.TempDir()
	servertest.Write(t, dir, "scenario.toml", "[server]\nclock = 2026-01-02T03:04:05Z\nhookpoints = [\"hookpoints\"]\n")
	for _, key := range []string{"NOTE", "PUK", "CODE"} {
		folder := "hookpoints/SOAP_TELL_" + key
		secret := map[string]string{"CODE": ` secret="true"`}[key]
		servertest.Write(t, dir, folder+"/contract.xml", `<soapcall><request><hookpointKey>SOAP_TELL_`+key+`</hookpointKey><values/></request><response><values><value key="`+key+`" type="s"`+secret+`/></values></response></soapcall>`)
		servertest.Write(t, dir, folder+"/workflow.star", "def run(p):\n    return {\""+key+"\": \"1234 \" * 1000}\n")
	}
	endpoint := servertest.Of(t, dir).Endpoint
	for key, want := range map[string]string{"NOTE": "gzip", "PUK": "", "CODE": ""} {
		message := soap.AppendRequest(nil, soap.Version11, "SOAP_TELL_"+key, value.Tree{value.Of("CONTEXT",
			value.OfString("OPERATOR", "demo"), value.OfString("PASSWORD", "demo"), value.OfString("BRAND_KEY", "DEMO"), value.OfString("LANGUAGE", "EN"))})
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, strings.NewReader(string(message)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "text/xml")
		r.Header.Set("Accept-Encoding", "gzip")
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if got := answer.Header.Get("Content-Encoding"); err != nil || got != want || want == "" && !strings.Contains(string(body), "1234 1234") {
			t.Errorf("%s: %v, Content-Encoding %q, want %q: %.300s", key, err, got, want, body)
		}
	}
}
