package mock_test

import (
	"net/http"
	"strings"
	"testing"

	"rator/replay/mock"
)

func TestCharsetOfTheContentType(t *testing.T) {
	_, url := serve(t, mock.Options{}, folder(t, "01-x.request.xml", ask("X", text("NAME", "Åse")), "01-x.response.xml", answer("")))
	for contentType, want := range map[string]int{"text/xml; charset=iso-8859-1": http.StatusOK, "text/xml": http.StatusInternalServerError} {
		response, err := http.Post(url, contentType, strings.NewReader(strings.Replace(ask("X", text("NAME", "Åse")), "Å", "\xc5", 1)))
		if err != nil {
			t.Fatal(err)
		}
		if a := read(t, response); a.status != want {
			t.Errorf("%s: %+v", contentType, a)
		}
	}
}

// TestAnswersInTheirCharset: an answer is sent in the charset that its Content-Type
// names, whatever the file is in.
func TestAnswersInTheirCharset(t *testing.T) {
	const latin1 = `<?xml version="1.0" encoding="ISO-8859-1"?>`
	_, url := serve(t, mock.Options{}, folder(t,
		"01-a.request.xml", "<a/>", "01-a.response.xml", "<r>Å${xmlunit.ignore}</r>", "01-a.http", "HTTP/1.1 200\nContent-Type: text/xml; charset=ISO-8859-1\n",
		"02-b.request.xml", "<b/>", "02-b.response.xml", latin1+"<r>\xc5</r>",
		"03-c.request.xml", "<c/>", "03-c.response.xml", "<r/>", "03-c.http", "HTTP/1.1 200\nContent-Type: text/xml; charset=utf-16be\n",
		"04-d.request.xml", latin1+"<d>\xc5${X}</d>", "04-d.response.xml", latin1+"<r>\xc5${X}</r>", "04-d.http", "HTTP/1.1 200\nContent-Type: text/xml\n"))
	for request, want := range map[string]string{
		"<a/>": "<r>\xc5</r>", "<b/>": `<?xml version="1.0" encoding="UTF-8"?><r>Å</r>`, "<c/>": "\x00<\x00r\x00/\x00>",
		"<d>ÅØ</d>": `<?xml version="1.0" encoding="UTF-8"?><r>ÅØ</r>`,
	} {
		if a := post(t, url, request); a.status != http.StatusOK || a.body != want {
			t.Errorf("%s: %d %q; want %q", request, a.status, a.body, want)
		}
	}
}
