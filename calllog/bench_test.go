package calllog_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rator/calllog"
	"rator/mask"
)

// message is about as long as those of a sign-up.
func message(n int) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><ns2:executeMethod xmlns:ns2="http://soap.CDRator.com/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><arg0><hookpointKey>SOAP_SIGNUP_CUSTOMER</hookpointKey>`)
	for i, key := range strings.Fields("ACCOUNT_TYPE PRODUCT_CODE FIRST_NAME LAST_NAME STREET CITY ZIP EMAIL USERNAME PASSWORD BIRTHDAY ORDER_ID LANGUAGE OPERATOR BRAND_KEY ID OWNER_ID MSISDN IMSI STATUS") {
		fmt.Fprintf(&b, `<values xsi:type="ns2:stringValueDTO"><key>%s</key><value>%d</value></values>`, key, 202601020304050000+i*n)
	}
	b.WriteString(`</arg0></ns2:executeMethod></S:Body></S:Envelope>`)
	return b.String()
}

// BenchmarkLog is what one call costs whoever hands it over (keep), and what it
// costs behind, by how many are written at once; the messages' bytes are counted,
// and how many the file takes for each.
func BenchmarkLog(b *testing.B) {
	requests, messages := make([]string, 256), make([][]byte, 256)
	for i := range messages {
		requests[i] = message(i)
		messages[i] = []byte(requests[i])
	}
	masker := mask.New(nil, mask.Options{})
	b.Run("keep", func(b *testing.B) {
		f := open(b, func(c *calllog.Config) { c.Mask = hide{"no such word"} })
		c := signUp(1)
		request := string(messages[1])
		b.ReportAllocs()
		for i := range b.N {
			if i%1000 == 999 {
				b.StopTimer()
				if err := f.Flush(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			f.Keep(&c, request, messages[0])
		}
	})
	b.Run("mask", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(2 * len(messages[0])))
		var masked []byte
		for i := 0; b.Loop(); i++ {
			masked = masker.Append(masked[:0], "", "text/xml", requests[i%len(requests)])
			masked = masker.Append(masked, "SOAP_SIGNUP_CUSTOMER", "text/xml", requests[(i+7)%len(requests)])
		}
	})
	for _, at := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("write/%d", at), func(b *testing.B) {
			f := open(b, func(c *calllog.Config) { c.Mask, c.Wait = masker, time.Hour })
			c := signUp(1)
			b.ReportAllocs()
			b.SetBytes(int64(2 * len(messages[0])))
			n := 0
			for b.Loop() {
				f.Keep(&c, string(messages[n%len(messages)]), messages[(n+7)%len(messages)])
				if n++; n%at == 0 {
					if err := f.Flush(); err != nil {
						b.Fatal(err)
					}
				}
			}
			if err := f.Flush(); err != nil {
				b.Fatal(err)
			}
			s := f.Stats()
			b.ReportMetric(float64(s.Bytes)/float64(s.Written), "file-B/call")
			b.ReportMetric(float64(s.Written)*float64(2*len(messages[0]))/float64(s.Bytes), "ratio")
		})
	}
}
