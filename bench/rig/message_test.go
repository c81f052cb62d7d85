package rig

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestMessagesAreWhole: every request that is sent is HTTP, as long as it says, and
// its body well-formed, also once it is numbered.
func TestMessagesAreWhole(t *testing.T) {
	all := []*Message{Search(Honest, Password), SignUp(Honest, Password), REST(CustomersPath, Basic(Honest, Password), ""), REST(CustomersPath, Basic(Honest, Password), Household)}
	for _, m := range all {
		m.number(12345678).number(90)
		in := bufio.NewReader(bytes.NewReader(m.raw))
		r, err := http.ReadRequest(in)
		if err != nil {
			t.Fatalf("%v\n%s", err, m.raw)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || in.Buffered() > 0 {
			t.Errorf("%v, %d bytes more than it says\n%s", err, in.Buffered(), m.raw)
		}
		switch r.Header.Get("Content-Type") {
		case "text/xml":
			for d := xml.NewDecoder(bytes.NewReader(body)); err == nil; {
				_, err = d.Token()
			}
			if err != io.EOF {
				t.Errorf("%v\n%s", err, body)
			}
		case "application/json":
			if len(body) > 0 && !json.Valid(body) {
				t.Errorf("no JSON: %s", body)
			}
		}
		if bytes.Contains(m.raw, []byte(NumberMark)) || len(m.marks) > 0 && !bytes.Contains(m.raw, []byte("00000090")) {
			t.Errorf("numbered 90: %s", m.raw)
		}
	}
	if m := SignUpAs(Honest, Password, "Ek"+NumberMark); strings.Count(string(m.number(8).raw), "00000008") != 3 {
		t.Errorf("a sign-up of a name of its own: %s", m.raw)
	}
	if m := SignUp(Honest, Password); len(m.marks) != 2 || strings.Count(string(m.number(7).raw), "00000007") != 2 {
		t.Errorf("username and e-mail of a sign-up are its own: %d marks", len(m.marks))
	}
	m := SOAPCall("X", Honest, Password, Text("A", CustomerMark), Text("B", NumberMark))
	if m.number(1234567); !bytes.Contains(m.raw, []byte(">234567<")) || !bytes.Contains(m.raw, []byte(">01234567<")) {
		t.Errorf("numbered 1234567: %s", m.raw)
	}
}
