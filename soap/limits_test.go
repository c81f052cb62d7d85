package soap_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"rator/soap"
)

// numbered is n copies of a format with 1 to n written into it.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i+1)
	}
	return b.String()
}

// TestLimitsOfAMessage holds every limit of security.md to its value: a message
// at the limit is read, one beyond is refused by the limit's name, with a place.
func TestLimitsOfAMessage(t *testing.T) {
	// What stands around the arguments: Envelope, Body, executeMethod, arg0 and
	// hookpointKey, which is a child of arg0.
	const around, above = 5, 4
	envelope := func(arguments string) string {
		return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethod xmlns:n="http://soap.CDRator.com/">` +
			`<arg0><hookpointKey>X</hookpointKey>` + arguments + `</arg0></n:executeMethod></S:Body></S:Envelope>`
	}
	text := func(s string) string { return "<values><key>A</key><value>" + s + "</value></values>" }
	unknown := func(start string) string { return "<" + start + "/>" }
	for _, c := range []struct {
		limit   soap.Limit
		most    int
		message func(n int) string // with n of what is limited
	}{
		{"message_bytes", 1 << 20, func(n int) string {
			m := envelope("")
			return m + strings.Repeat(" ", n-len(m))
		}},
		{"depth", 32, func(n int) string {
			return envelope(strings.Repeat("<a>", n-above) + strings.Repeat("</a>", n-above))
		}},
		{"value_depth", 8, func(n int) string {
			return envelope("<values><key>A</key>" + strings.Repeat("<value><key>A</key>", n-1) + strings.Repeat("</value>", n-1) + "</values>")
		}},
		{"elements", 10_000, func(n int) string {
			const each, parents = 4_000, 3
			rest := n - around - parents - 2*each
			return envelope(strings.Repeat("<a>"+strings.Repeat("<b/>", each)+"</a>", 2) + "<a>" + strings.Repeat("<b/>", rest) + "</a>")
		}},
		{"children", 5_000, func(n int) string { return envelope("<a>" + strings.Repeat("<b/>", n) + "</a>") }},
		{"attributes", 32, func(n int) string { return envelope(unknown("a" + numbered(n, ` b%d=""`))) }},
		{"namespaces", 32, func(n int) string { return envelope(unknown("a" + numbered(n, ` xmlns:b%d="urn:b"`))) }},
		{"namespaces_in_scope", 128, func(n int) string {
			const each, own = 25, 2 // S and n
			full := "<a" + numbered(each, ` xmlns:b%d="urn:b"`) + ">"
			levels := (n - own) / each
			return envelope(strings.Repeat(full, levels) + "<a" + numbered((n-own)%each, ` xmlns:c%d="urn:c"`) + "/>" + strings.Repeat("</a>", levels))
		}},
		{"attribute_bytes", 4 << 10, func(n int) string { return envelope(unknown(`a b="` + strings.Repeat("x", n) + `"`)) }},
		{"text_bytes", 64 << 10, func(n int) string { return envelope(text(strings.Repeat("x", n))) }},
		{"name_bytes", 128, func(n int) string { return envelope(unknown(strings.Repeat("a", n))) }},
	} {
		t.Run(string(c.limit), func(t *testing.T) {
			if _, err := decodeWhole(c.message(c.most), soap.Media{}); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			message := c.message(c.most + 1)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := decodeWhole(message, soap.Media{})
			runtime.ReadMemStats(&after)
			var limit *soap.LimitError
			if !errors.As(err, &limit) || limit.Limit != c.limit || limit.Max != c.most {
				t.Fatalf("beyond the limit: %v", err)
			}
			if said := fmt.Sprintf("(limit %s)", c.limit); !strings.Contains(err.Error(), said) || !strings.Contains(err.Error(), fmt.Sprint(c.most)) {
				t.Errorf("%v does not say %s and its value", err, said)
			}
			if c.limit != "message_bytes" && (limit.Line != 1 || limit.Column < 1) {
				t.Errorf("no place: %v", err)
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
				t.Errorf("%d bytes were allocated for a message that is refused", took)
			}
		})
	}
}
