package convert_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
	"rator/replay/convert"
	"rator/replay/fixture"
	"rator/workflow/contract"
)

type pair struct{ Name, Value string }

// entry is an entry of a HAR file.
func entry(url, media, sent string, status int, encoding, answer string) map[string]any {
	return map[string]any{
		"request":  map[string]any{"method": "POST", "url": url, "headers": []pair{{"Content-Type", media}, {"User-Agent", "x"}, {"Authorization", "Bearer planted-token"}}, "postData": map[string]any{"mimeType": media, "text": sent}},
		"response": map[string]any{"status": status, "content": map[string]any{"mimeType": "text/xml", "text": answer, "encoding": encoding}},
	}
}

func harFile(t *testing.T, version string, entries ...map[string]any) string {
	t.Helper()
	src, err := json.Marshal(map[string]any{"log": map[string]any{"version": version, "entries": entries}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "recorded.har")
	if err := os.WriteFile(file, src, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func none(string) *contract.Contract { return nil }

func TestHAR(t *testing.T) {
	const media = "text/xml; charset=utf-8"
	imported, err := convert.HAR(harFile(t, "1.2",
		entry("http://shop/api?q=1", media, `<login><user>ann</user><PASSWORD>planted-1</PASSWORD><card>4111111111111111</card></login>`, 200, "base64",
			base64.StdEncoding.EncodeToString([]byte(`<ok><PASSWORD>planted-2</PASSWORD><price>$${x}</price></ok>`))),
		entry("http://shop/api", media, `<pay><PASSWORD>planted-3</PASSWORD></pay>`, 503, "", "busy"),
		entry("http://shop/api", "application/json", `{}`, 200, "", "{}"),
		entry("http://shop/api", media, `<a/>`, 200, "base64", "!"),
		entry("http://shop/api", media, `<a/>`, 0, "", ""),
		map[string]any{"request": map[string]any{"method": "GET", "url": "http://shop/x.css"}},
		map[string]any{"request": map[string]any{"method": "GET", "url": "x"}},
	), convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := written(t, imported)
	const head = "Authorization: ${AUTHORIZATION}\nContent-Type: text/xml; charset=utf-8\n"
	want := map[string]string{
		"01-login.http":         "POST /api?q=1 HTTP/1.1\n" + head,
		"01-login.request.xml":  `<login><user>ann</user><PASSWORD>${PASSWORD}</PASSWORD><card>${CARD_NUMBER}</card></login>`,
		"01-login.response.xml": `<ok><PASSWORD>${xmlunit.ignore}</PASSWORD><price>$$${x}</price></ok>`,
		"02-pay.http":           "POST /api HTTP/1.1\n" + head + "\nHTTP/1.1 503\n",
		"02-pay.request.xml":    `<pay><PASSWORD>${PASSWORD_2}</PASSWORD></pay>`,
		"02-pay.response.bin":   "busy",
		"scenario.toml": `# These variables stand for secrets, which are not written down. Give them to replay,
# such as --set AUTHORIZATION=...:
#   AUTHORIZATION
#   PASSWORD
#   CARD_NUMBER
#   PASSWORD_2
`,
		"CONVERSION.md": `# Not converted

* recorded.har: entry 3: POST shop/api: it sends application/json, which is no XML; skipped
* recorded.har: entry 4: POST shop/api: the answer's body is no base64; skipped
* recorded.har: entry 5: POST shop/api: it got no answer; skipped
* recorded.har: entry 6: GET shop/x.css: it sends no body; skipped
* recorded.har: entry 7: its request has no URL; skipped
* recorded.har: secrets became variables; give them with --set: AUTHORIZATION, PASSWORD, CARD_NUMBER, PASSWORD_2
`,
	}
	got := tree(t, dir)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for name, content := range got {
		if strings.Contains(content, "planted") || strings.Contains(content, "4111") {
			t.Errorf("a secret is in %s: %s", name, content)
		}
	}
}

func TestHARIsPlayed(t *testing.T) {
	const media = "text/xml; charset=utf-8"
	dir := written(t, must(convert.HAR(harFile(t, "1.2",
		entry("http://one/api", media, `<a><PIN>1234</PIN></a>`, 200, "", "<ok/>"), entry("http://two/api", media, `<b/>`, 200, "", "<ok/>")), convert.Options{})))
	if got := tree(t, dir); got["one/01-a.request.xml"] == "" || got["two/01-b.request.xml"] == "" {
		t.Errorf("no folder for each host: %v", got)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if string(body) == `<a><PIN>1234</PIN></a>` && r.URL.Path == "/api" && r.Header.Get("Authorization") == "Bearer planted-token" {
			io.WriteString(w, "<ok/>")
			return
		}
		io.WriteString(w, "<no/>")
	}))
	defer server.Close()
	target := must(replay.Remote(server.URL, 1, time.Minute, none))
	found := must(fixture.Find(fixture.Options{}, dir))
	var l told
	player := replay.Player{Target: target, Sink: &l, Variables: map[string]string{"PIN": "1234", "AUTHORIZATION": "Bearer planted-token"}}
	if _, err := player.Play(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(told{`two/01-b: ok "no", not "ok"`}, l); d != "" {
		t.Error(d)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestHARMistakes(t *testing.T) {
	for src, want := range map[string]string{
		"{\n \"log\": }": "recorded.har:2:10: it is no HAR file: invalid character",
		`{"log": 7}`:     "it is no HAR file",
		`{}`:             "it has no log with entries",
		`{"log": {}}`:    "it has no log with entries",
		``:               "it is no HAR file",
	} {
		file := filepath.Join(t.TempDir(), "recorded.har")
		if err := os.WriteFile(file, []byte(src), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := convert.HAR(file, convert.Options{})
		var mistake *fixture.Error
		if !errors.As(err, &mistake) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v; want %s", src, err, want)
		}
	}
}
