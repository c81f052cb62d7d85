package mock_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"rator/replay/mock"
)

// A request is known however it is packed, and in parts, on either side.
func TestRequestsPackedAndInParts(t *testing.T) {
	const inParts = `multipart/related; type="text/xml"; boundary="b"`
	parts := func(envelope string) string {
		return "--b\r\nContent-Type: text/xml\r\n\r\n" + envelope + "\r\n--b--\r\n"
	}
	gz := func(text string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		io.WriteString(w, text)
		w.Close()
		return b.String()
	}
	_, url := serve(t, mock.Options{}, folder(t,
		"01-x.request.xml", ask("X", text("A", "1")), "01-x.response.xml", answer(text("B", "one")),
		"02-y.request.bin", parts(ask("Y", text("A", "1")+contextOf("PASSWORD", "***"))), "02-y.response.xml", answer(text("B", "two")),
		"02-y.http", "POST /workflow-soap/InvokerService HTTP/1.1\nContent-Type: "+inParts+"\n",
	))
	y := ask("Y", text("A", "1")+contextOf("PASSWORD", "secret"))
	for _, c := range []struct{ name, media, coding, body, want string }{
		{"plain", "text/xml", "", ask("X", text("A", "1")), "one"},
		{"gzip", "text/xml", "gzip", gz(ask("X", text("A", "1"))), "one"},
		{"parts", inParts, "", parts(ask("X", text("A", "1"))), "one"},
		{"packed parts", inParts, "gzip", gz(parts(ask("X", text("A", "1")))), "one"},
		{"plain, recorded in parts", "text/xml", "", y, "two"},
		{"parts as recorded, with another boundary", strings.Replace(inParts, `"b"`, `"c"`, 1), "", strings.ReplaceAll(parts(y), "--b", "--c"), "two"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", c.media)
		r.Header.Set("Content-Encoding", c.coding)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || !strings.Contains(string(body), "<value>"+c.want+"</value>") {
			t.Errorf("%s: %v %s", c.name, err, body)
		}
	}
}
