package main

import (
	"bytes"
	"net/http/httptest"
	"testing"

	"rator/server/servertest"
	"rator/wire"
)

// TestFirstCustomer: of two servers of a demo that begin together, one signs the customer up,
// and the other goes on with it.
func TestFirstCustomer(t *testing.T) {
	ts := servertest.New(t)
	h := httptest.NewServer(ts.Handler)
	defer h.Close()
	var said bytes.Buffer
	shows := &terminal{ctx: t.Context(), out: &said, err: &said}
	had, err := customersIn(shows, ts.Store)
	if err != nil {
		t.Fatal(err)
	}
	if before, err := firstCustomer(shows, ts.Store, h.URL+wire.Path); err != nil || before != 0 {
		t.Errorf("the first: %d customers before, %v", before, err)
	}
	if before, err := firstCustomer(shows, ts.Store, h.URL+wire.Path); err != nil || before != had+1 {
		t.Errorf("the second: %d customers before, want %d, %v", before, had+1, err)
	}
	if _, err := firstCustomer(shows, servertest.Store(t, nil), h.URL+wire.Path); err == nil {
		t.Error("a sign-up that was refused where nobody is there is no mistake")
	}
}
