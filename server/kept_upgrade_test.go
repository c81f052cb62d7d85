package server_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/server"
	"rator/server/servertest"
	"rator/wire"
)

// keptOld is a store that a version with the first algorithm of fingerprints wrote, in
// the zone Europe/Oslo, with the requests it answered and their answers.
const keptOld = "../testdata/store/kept-1"

// TestKeptAnswersOfTheVersionBefore: a request that the version before answered gets
// that answer again when it is repeated, in either version of SOAP, in the typed form and
// over TM Forum; another request with its id is refused, as it was.
func TestKeptAnswersOfTheVersionBefore(t *testing.T) {
	s := servertest.Over(t, unpackedStore(t), false)
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(keptOld, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	post := func(url, body, media, id string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", media)
		if id != "" {
			r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
			r.Header.Set("Idempotency-Key", id)
		}
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		text, err := io.ReadAll(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		return a, string(text)
	}
	const soap11, soap12 = "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
	for _, name := range []string{"signup", "payment", "block"} {
		a, text := post(s.Endpoint, read(name+".xml"), "text/xml; charset=utf-8", "")
		if a.Header.Get("Idempotent-Replayed") != "true" || text != read(name+".answer.xml") {
			t.Errorf("%s: %s", name, text)
		}
		a, text = post(s.Endpoint, strings.ReplaceAll(read(name+".xml"), soap11, soap12), "application/soap+xml; charset=utf-8", "")
		if want := strings.ReplaceAll(read(name+".answer.xml"), soap11, soap12); a.Header.Get("Idempotent-Replayed") != "true" || text != want {
			t.Errorf("%s over 1.2: %s", name, text)
		}
	}
	account := between(read("signup.answer.xml"), "<key>CUSTOMER_NUMBER</key><value>", "<")
	a, text := post(s.Endpoint, read("signup.typed.xml"), "text/xml; charset=utf-8", "")
	if a.Header.Get("Idempotent-Replayed") != "true" || account == "" || !strings.Contains(text, "<CUSTOMER_NUMBER>"+account+"<") {
		t.Errorf("typed: %s", text)
	}
	for _, body := range []string{
		strings.Replace(read("signup.xml"), "1990-05-06", "1990-05-07", 1), strings.Replace(read("signup.xml"), "Odense", "Skagen", 1),
	} {
		a, text := post(s.Endpoint, body, "text/xml; charset=utf-8", "")
		if a.Header.Get("Idempotent-Replayed") != "" || !strings.Contains(text, "<errorCode>5</errorCode>") {
			t.Errorf("another request: %s", text)
		}
	}

	home := strings.TrimSuffix(s.Endpoint, wire.Path)
	for name, path := range map[string]string{"customer-2014.json": "/customerManagement/customer", "customer-v4.json": "/tmf-api/customerManagement/v4/customer"} {
		a, text := post(home+path, read(name), "application/json", "kept-1-"+name)
		if a.StatusCode != http.StatusCreated || a.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("%s: %d %s", name, a.StatusCode, text)
		}
		a, text = post(home+path, strings.Replace(read(name), "1990-05-06", "1990-05-07", 1), "application/json", "kept-1-"+name)
		if a.StatusCode == http.StatusCreated || a.Header.Get("Idempotent-Replayed") != "" {
			t.Errorf("another than %s: %d %s", name, a.StatusCode, text)
		}
	}
}

func unpackedStore(t *testing.T) string {
	t.Helper()
	packed, err := os.ReadFile(filepath.Join(keptOld, "store.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "old.db")
	if err := os.WriteFile(file, plain, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// between is what stands behind start and before end, "" when it does not.
func between(text, start, end string) string {
	_, rest, _ := strings.Cut(text, start)
	inner, _, found := strings.Cut(rest, end)
	if !found {
		return ""
	}
	return inner
}
