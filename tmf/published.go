package tmf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// publication is what one base path serves about its dialect.
// Each is made when it is asked for first.
type publication struct {
	document func() []byte // OpenAPI
	page     func() ([]byte, error)
}

// publish makes what is published under every base path.
func publish(c *Config) map[string]publication {
	all := map[string]publication{}
	for _, d := range dialect.All {
		for _, b := range d.Bases {
			all[b.Path] = publication{
				document: sync.OnceValue(func() []byte { return Indented(OpenAPI(d, b, c.Strict, c.ErrorPages, c.Hubs != nil)) }),
				page:     sync.OnceValues(func() ([]byte, error) { return Page(d, b) }),
			}
		}
	}
	return all
}

// Indented is a document for people to read as well.
func Indented(v jsondoc.Value) []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, v.Append(nil), "", " "); err != nil {
		panic(fmt.Sprintf("tmf: a document that is not JSON: %v", err)) // the printer writes JSON
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// document answers the dialect's OpenAPI document; anybody may read it.
func (x *exchange) document() error {
	x.answer(http.StatusOK, jsonType, x.published[x.base.Path].document())
	return nil
}

// page answers the dialect's reference page; anybody may read it.
func (x *exchange) page() error {
	body, err := x.published[x.base.Path].page()
	if err != nil {
		return err
	}
	x.answer(http.StatusOK, "text/html; charset=utf-8", body)
	return nil
}
