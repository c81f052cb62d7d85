package main

import (
	"path/filepath"
	"strings"
	"testing"

	"rator/server/servertest"
)

// TestCompare: two answers as a replay compares them, without their secrets.
func TestCompare(t *testing.T) {
	answer := func(values string) string {
		return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethodResponse xmlns:n="http://soap.CDRator.com/"><return><errorCode>0</errorCode>` +
			values + `</return></n:executeMethodResponse></S:Body></S:Envelope>`
	}
	entry := func(key, text string) string {
		return `<values><key>` + key + `</key><value>` + text + `</value></values>`
	}
	dir := t.TempDir()
	const hookpoint = "SOAP_RESERVE_NUMBER"
	for name, c := range map[string]struct {
		want, got string
		flags     []string
		code      int
		said      string
	}{
		"equal":     {answer(entry("A", "1") + entry("B", "2")), strings.NewReplacer("S:", "x:", ":S=", ":x=").Replace(answer(entry("B", "2") + entry("A", "1"))), nil, exitOK, ""},
		"ids":       {answer(entry("A", "202601010000000001")), answer(entry("A", "202611290000000001")), nil, exitOK, ""},
		"different": {answer(entry("A", "1")), answer(entry("A", "2")), nil, exitFailed, "return/values[A] (value)\n  expected  \"1\"\n  actual    \"2\"\n"},
		"secret":    {answer(entry("PASSWORD", "planted-1")), answer(entry("PASSWORD", "planted-2")), nil, exitFailed, `expected  "***"`},
		"variable":  {answer(entry("A", "${NAME}")), answer(entry("A", "x=1")), []string{"--set", "NAME=x=1"}, exitOK, ""},
		"ignored":   {answer(entry("A", "1")), answer(entry("A", "2")), []string{"--ignore", "return/values[A]"}, exitOK, ""},
		"volatile":  {answer(entry("EXPIRY_DATE", "2026-01-01T00:00:00Z")), answer(entry("EXPIRY_DATE", "2026-11-29T00:00:00Z")), []string{"--hookpoint", hookpoint}, exitOK, ""},
		"charset":   {answer(entry("A", "Åse")), answer(entry("A", "\xc5se")), []string{"--content-type", "text/xml; charset=ISO-8859-1"}, exitOK, ""},
		"no XML":    {answer(""), "<a>", nil, exitFailed, "cannot read what came"},
		"mistake":   {"<a>", answer(""), nil, exitUsage, "want.xml: "},
		"unknown":   {"<a>${x}</a>", "<a>1</a>", nil, exitUsage, "nothing is known of ${x}"},
		"rule":      {"<a/>", "<a/>", []string{"--ignore", "a[x"}, exitUsage, "--ignore"},
	} {
		t.Run(name, func(t *testing.T) {
			servertest.Write(t, dir, "want.xml", c.want)
			servertest.Write(t, dir, "got.xml", c.got)
			o := rator(t, "", append([]string{"compare", filepath.Join(dir, "want.xml"), filepath.Join(dir, "got.xml")}, c.flags...)...)
			if o.code != c.code || !strings.Contains(o.out+o.err, c.said) || c.said == "" && o.out+o.err != "" || strings.Contains(o.out+o.err, "planted") {
				t.Errorf("%d\n%s%s", o.code, o.out, o.err)
			}
		})
	}
}
