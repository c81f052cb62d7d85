package record

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"rator/wire"
)

// readdress puts the address that a client used for the proxy into a WSDL or
// schema, wherever the upstream's own stands in it: many clients post to where
// the WSDL says, and would go past the recorder.
func (p *Proxy) readdress(client *http.Request, response *http.Response) error {
	if response.Header.Get("Content-Encoding") != "" || response.ContentLength > p.options.MaxBody {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, p.options.MaxBody))
	if err != nil {
		return fmt.Errorf("the WSDL broke off: %w", err)
	}
	rest := response.Body
	theirs, ours := p.options.To.Scheme+"://"+p.options.To.Host, wire.Origin(client, false)
	changed := replaceAddress(body, theirs, ours)
	if !bytes.Contains(body, []byte(theirs)) && bytes.Contains(body, []byte(":address")) && !p.pointed.Swap(true) {
		p.options.Say("the WSDL does not name " + theirs + " as its address: a client that goes where the WSDL says goes past the recorder")
	}
	length := int64(len(changed))
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(changed), rest), rest}
	if response.ContentLength >= 0 {
		response.ContentLength = length
		response.Header.Set("Content-Length", strconv.FormatInt(length, 10))
	}
	return nil
}

// replaceAddress replaces an address where nothing more of a host or port follows.
func replaceAddress(body []byte, from, to string) []byte {
	var out []byte
	for {
		i := bytes.Index(body, []byte(from))
		if i < 0 {
			return append(out, body...)
		}
		end := i + len(from)
		out = append(out, body[:i]...)
		if end < len(body) && strings.IndexByte(`/?#"'< `, body[end]) < 0 {
			out = append(out, from...)
		} else {
			out = append(out, to...)
		}
		body = body[end:]
	}
}
