package soap_test

import (
	"encoding/xml"
	"testing"
	"time"

	"github.com/beevik/etree"

	"rator/soap"
	"rator/workflow"
)

// signup is a sign-up of about 3 KB as PHP SoapClient writes it.
func signup(t testing.TB) string { return readFile(t, testdata+"soap-shapes/signup-3k.xml") }

// xmlEnvelope is executeMethod as one would write it for encoding/xml.
type xmlEnvelope struct {
	Hookpoint string     `xml:"Body>executeMethod>arg0>hookpointKey"`
	Values    []xmlValue `xml:"Body>executeMethod>arg0>values"`
}

type xmlValue struct {
	Type  string    `xml:"http://www.w3.org/2001/XMLSchema-instance type,attr"`
	Key   string    `xml:"key"`
	Value []xmlItem `xml:"value"`
}

type xmlItem struct {
	xmlValue
	Text string `xml:",chardata"`
}

func decodeOwn(b *testing.B, message string) {
	limits := soap.DefaultLimits()
	for b.Loop() {
		// The copy stands for reading the body: a message belongs to one call.
		if _, err := soap.Decode(string([]byte(message)), soap.Media{}, &limits); err != nil {
			b.Fatal(err)
		}
	}
}

func decodeEncodingXML(b *testing.B, message []byte) {
	for b.Loop() {
		var e xmlEnvelope
		if err := xml.Unmarshal(message, &e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	message := signup(b)
	b.Run("own", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(message)))
		decodeOwn(b, message)
	})
	b.Run("encodingxml", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(message)))
		decodeEncodingXML(b, []byte(message))
	})
	b.Run("etree", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(message)))
		for b.Loop() {
			if err := etree.NewDocument().ReadFromString(message); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkDecodeRatio reports how many times as fast as encoding/xml we are,
// both run by turns on the same bytes.
func BenchmarkDecodeRatio(b *testing.B) {
	message := []byte(signup(b))
	limits := soap.DefaultLimits()
	var own, theirs time.Duration
	for b.Loop() {
		start := time.Now()
		// Ours pays for a copy, which stands for reading the body.
		if _, err := soap.Decode(string(message), soap.Media{}, &limits); err != nil {
			b.Fatal(err)
		}
		between := time.Now()
		if err := xml.Unmarshal(message, new(xmlEnvelope)); err != nil {
			b.Fatal(err)
		}
		own, theirs = own+between.Sub(start), theirs+time.Since(between)
	}
	b.ReportMetric(float64(theirs)/float64(own), "times")
}

func BenchmarkEncode(b *testing.B) {
	limits := soap.DefaultLimits()
	m, err := soap.Decode(signup(b), soap.Media{}, &limits)
	if err != nil {
		b.Fatal(err)
	}
	answer := workflow.Result{Values: m.Values}
	buffer := soap.AppendAnswer(nil, soap.Version11, &answer)
	b.SetBytes(int64(len(buffer)))
	b.ReportAllocs()
	for b.Loop() {
		buffer = soap.AppendAnswer(buffer[:0], soap.Version11, &answer)
	}
}

// TestDecodeAllocations holds the figure of the first issue, "at most 110", to
// what the arena makes of it.
func TestDecodeAllocations(t *testing.T) {
	message, limits := signup(t), soap.DefaultLimits()
	got := testing.AllocsPerRun(200, func() {
		if _, err := soap.Decode(message, soap.Media{}, &limits); err != nil {
			t.Fatal(err)
		}
	})
	const most = 8
	if got > most {
		t.Errorf("%v allocations for the sign-up, want at most %d", got, most)
	}
}
