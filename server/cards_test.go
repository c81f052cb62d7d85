package server_test

import (
	"bytes"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rator/card"
	"rator/server"
	"rator/server/servertest"
	"rator/wire"
	"rator/workflow/contract"
	"rator/wsdl"
)

// manyCards are numbers that schemes publish for tests, of each brand and length.
var manyCards = []string{
	"4111111111111111", "4222222222222", "4571736000000075", "5555555555554444", "2223003122003222", "378282246310005", "30569309025904", "38520000023237",
	"6011111111111117", "6445644564456445", "3530111333300000", "6200000000000005", "6205500000000000004", "8171999900000000021", "6759649826438453",
	"5018000000000009", "6304000000000000", "2201382000000013", "9792030000000000", "5066991111111118", "6062826786276634", "135410014004955", "5061460410120223210",
	"6074820000000009",
}

// spelled is a number as people write it, in one way or another.
func spelled(number string, way int) string {
	gap := []string{"", " ", "-"}[way%3]
	return number[:4] + gap + number[4:8] + gap + number[8:12] + gap + number[12:]
}

// aText is a text of a sample, with its key.
var aText = regexp.MustCompile(`stringValueDTO">\s*<key>([^<]*)</key>\s*<value>[^<]*</value>`)

// keptAnywhere are the files of a directory, and what else is said, that hold a card number.
func keptAnywhere(t *testing.T, dir, said string) []string {
	t.Helper()
	var found []string
	look := func(name string, b []byte) {
		for _, number := range manyCards {
			for way := range 3 {
				if i := bytes.Index(b, []byte(spelled(number, way))); i >= 0 {
					found = append(found, name+": "+string(bytes.ToValidUTF8(b[max(0, i-60):min(len(b), i+30)], nil)))
				}
			}
		}
	}
	look("what is said", []byte(said))
	files := 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(name)
		look(filepath.Base(name), b)
		files++
		return err
	})
	if err != nil || files < 3 {
		t.Fatalf("%d files, %v", files, err)
	}
	return found
}

// TestNoCardNumberIsKept sends a card number in each text of each shipped hookpoint
// that is no identifier, as request id, operator and hookpoint, and in documents of
// TM Forum, and finds it in none of the server's files, nor in its logs.
func TestNoCardNumberIsKept(t *testing.T) {
	var log servertest.LockedBuffer
	s, endpoint, store := servertest.LoggedWith(t, func(c *server.Config, file string) {
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
		var err error
		if c.Keys, err = server.OpenKeyFile(server.KeyFileOf(file)); err != nil {
			t.Fatal(err)
		}
	})
	taken, refused, turn := 0, 0, 0
	next := func() string {
		turn++
		return spelled(manyCards[turn%len(manyCards)], turn/len(manyCards))
	}
	send := func(body string) {
		t.Helper()
		answer := post(t, endpoint, "text/xml", body, nil)
		switch {
		case strings.Contains(answer, "CARD_NUMBER_REFUSED"), strings.Contains(answer, "<errorCode>430<"):
			refused++
		case strings.Contains(answer, "errorCode"):
			taken++
		default:
			t.Errorf("%s\n%s", body, answer)
		}
	}
	sent := map[string]int{}
	for _, c := range servertest.ShippedSet(t).Contracts() {
		if c.Internal {
			continue
		}
		sample, err := wsdl.SampleRequest(c, wsdl.ByKey)
		if err != nil {
			t.Fatal(err)
		}
		body := strings.NewReplacer("<value>demo</value>", "<value>"+server.DemoOperator+"</value>", "<value>secret</value>", "<value>"+server.DemoPassword+"</value>").Replace(string(sample))
		for _, at := range aText.FindAllStringSubmatchIndex(body, -1) {
			key := body[at[2]:at[3]]
			if mayHoldCards(c.Request, key) || key == "PASSWORD" || sent[key] == 2 {
				continue
			}
			sent[key]++
			from := at[0] + strings.Index(body[at[0]:at[1]], "</key>")
			send(body[:from] + "</key><value>x " + next() + "</value>" + body[at[1]:])
		}
		send(strings.Replace(body, "<key>LANGUAGE</key>", "<key>REQUEST_ID</key><value>"+next()+"</value></value><value><key>LANGUAGE</key>", 1))
		send(strings.Replace(body, "<hookpointKey>", "<hookpointKey>"+next(), 1))
	}
	if taken < 60 || refused < 80 {
		t.Errorf("%d taken, %d refused: the samples reach too little", taken, refused)
	}
	base := strings.TrimSuffix(endpoint, wire.Path)
	for _, path := range []string{"/customerManagement/customer", "/tmf-api/customerManagement/v3/customer", "/tmf-api/customerManagement/v4/customer"} {
		for _, document := range []string{
			`{"name":"N"}`, `{"name":"a","status":"N"}`, `{"name":"a","N":"x"}`, `{"name":"a","description":"see N"}`,
			`{"name":"a","characteristic":[{"name":"colour","value":"N"}]}`, `{"name":"a","characteristic":[{"name":"transactionId","value":"N"}]}`,
			`{"name":"a","contactMedium":[{"type":"Email","medium":{"emailAddress":"N"}}]}`, `{"name":"a"}`,
		} {
			post(t, base+path, "application/json", strings.ReplaceAll(document, "N", next()), http.Header{"Idempotency-Key": {next()}})
		}
	}
	if err := s.Calls.Flush(); err != nil {
		t.Fatal(err)
	}
	for _, found := range keptAnywhere(t, filepath.Dir(store), log.String()+string(decompressed(t, server.CallLogOf(store)))) {
		t.Error(found)
	}
}

// mayHoldCards reports whether a key is an identifier's, anywhere among vs.
func mayHoldCards(vs []*contract.Value, key string) bool {
	return card.KindOf(key) == card.Identifier || slices.ContainsFunc(vs, func(v *contract.Value) bool {
		return v.Key == key && v.Cards == card.Identifier || mayHoldCards(v.Values, key)
	})
}

func post(t *testing.T, url, kind, body string, header http.Header) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	r.Header.Set("Content-Type", kind)
	if kind != "text/xml" {
		r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
