package main

import (
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestEndpoints: one name wherever a server is called, and the ones of before.
func TestEndpoints(t *testing.T) {
	for _, leaf := range leaves(t) {
		for _, f := range leaf.Flags {
			switch {
			case f.Name == "url":
				t.Errorf("%s --url: its name is --endpoint", leaf.Path())
			case f.Name == "endpoint" && leaf.Name != "replay" && f.Default != defaultEndpoint:
				t.Errorf("%s goes to %s, and a server listens at %s", leaf.Path(), f.Default, defaultEndpoint)
			}
		}
	}
	const other = "http://127.0.0.1:1/x"
	for _, args := range []string{"call SOAP_X --endpoint " + other, "call SOAP_X --url " + other, "run chain.star --url " + other} {
		c := &commands{}
		k, err := kong.New(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Parse(strings.Fields(args)); err != nil || c.Call.Endpoint != other && c.Run.Endpoint != other {
			t.Errorf("%s: %v", args, err)
		}
	}
	for _, bad := range []string{"127.0.0.1:8080", "", "ftp://127.0.0.1", "http://"} {
		if o := rator(t, "", "call", "SOAP_X", "--endpoint", bad); o.code != exitUsage || !strings.Contains(o.err, "--endpoint "+strconv.Quote(bad)+" is no URL such as http://") {
			t.Errorf("%+v", o)
		}
	}
	for _, name := range []string{"RATOR_ENDPOINT", "RATOR_URL"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, other)
			if o := rator(t, "", "call", "SOAP_X"); o.code != exitUnreachable || !strings.Contains(o.err, "127.0.0.1:1") {
				t.Errorf("%+v", o)
			}
		})
	}
	if o := rator(t, "", "call", "--help"); strings.Contains(o.out, "--url") {
		t.Errorf("--url is shown:\n%s", o.out)
	}
}
