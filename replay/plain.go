package replay

import (
	"net/http"

	"rator/replay/fixture"
	"rator/transport"
)

// plain is an answer's body without its Content-Encoding, and as a fixture's text where
// no bytes are expected. A server packs what nobody asked it to pack, and names a
// charset that the XML does not.
func plain(response *http.Response, body []byte, step *fixture.Step, want *fixture.Response) ([]byte, error) {
	body, err := transport.Unpacked(response.Header, body, mostAnswerBytes)
	if err != nil || step.Response != "" && !want.Text {
		return body, err
	}
	text, _, err := fixture.TextOf(body, response.Header.Get("Content-Type"))
	if err != nil && step.Response == "" {
		return body, nil // anything may come
	}
	return text, err
}
