package replay

import (
	"net/http"

	"rator/replay/fixture"
	"rator/transport"
)

// plain is an answer's body without its Content-Encoding, and as a fixture's text when
// it is one. A server packs what nobody asked it to pack, and names a charset that the
// XML does not.
func plain(response *http.Response, body []byte, isText bool) ([]byte, error) {
	body, err := transport.Unpacked(response.Header, body, mostAnswerBytes)
	if err != nil || !isText {
		return body, err
	}
	text, _, err := fixture.TextOf(body, response.Header.Get("Content-Type"))
	return text, err
}
