package transport_test

import (
	"fmt"
	"strings"
	"testing"

	"rator/transport"
)

// BenchmarkFraming is what each request pays for being looked at.
func BenchmarkFraming(b *testing.B) {
	body := strings.Repeat("x", 3170)
	sent := []byte(fmt.Sprintf("POST /workflow-soap/InvokerService HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: PHP-SOAP/8.2\r\nContent-Type: text/xml; charset=utf-8\r\n"+
		"SOAPAction: \"\"\r\nAccept-Encoding: gzip\r\nConnection: keep-alive\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
	look := transport.Look(sent)
	b.ReportAllocs()
	for b.Loop() {
		look()
	}
}
