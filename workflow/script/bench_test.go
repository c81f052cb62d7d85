package script_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"rator/workflow/script"
	"rator/workflow/value"
)

func signupSource(t testing.TB) []byte {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(testdata, "signup.star"))
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func signup(t testing.TB) *script.Program {
	t.Helper()
	return compile(t, "SOAP_SIGNUP", string(signupSource(t)))
}

func signupRequest() value.Tree {
	return value.Tree{
		value.OfString("ACCOUNT_TYPE", "0"), value.OfString("PRODUCT_CODE", "PREPAID"),
		value.Of("USER", value.OfString("FIRST_NAME", "Ann"), value.OfString("EMAIL", "ann@example.com")),
		{Key: "TOPUP", Type: value.Double, Text: "100.50"},
		value.Of("SIGNUP_SERVICES",
			value.Of("CDMA_SERVICE", value.OfString("ORDER_ID", "1")), value.Of("SHARED_SERVICE", value.OfString("ORDER_ID", "2"))),
	}
}

// newPrepaid is a world whose product is a prepaid one.
func newPrepaid() *world {
	w := newWorld()
	w.answers["product_config"] = value.Tree{value.OfString("BILLING_GROUP_TYPE", "PRE_PAID_CARD")}
	return w
}

// One program runs in many calls at once, each with its own answer.
func TestConcurrentRuns(t *testing.T) {
	p := signup(t)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 50 {
				w := newPrepaid()
				w.answers["account_view"] = value.Tree{value.OfString("ID", fmt.Sprint(i, j))}
				out, err := p.Run(&w.runtime, signupRequest())
				if want := fmt.Sprintf("ACCOUNT{ID=%d %d}", i, j); err != nil || flat(out) != want || len(w.runtime.Trace) != 12 {
					t.Errorf("got %s, %v after %d steps; want %s", flat(out), err, len(w.runtime.Trace), want)
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkRun(b *testing.B) {
	p, in := signup(b), signupRequest()
	host := quiet{newPrepaid(), map[string]value.Tree{}}
	for name, c := range components {
		for _, key := range append(c.Out, "ID") {
			host.answers[name] = append(host.answers[name], value.OfString(key, "PRE_PAID_CARD"))
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		runtime := script.Runtime{Host: host, Clock: host.runtime.Clock, Now: host.runtime.Now}
		if _, err := p.Run(&runtime, in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	src, env := signupSource(b), environment(b)
	b.ReportAllocs()
	for b.Loop() {
		if p, mistakes := script.Compile("signup.star", src, "SOAP_SIGNUP", env); p == nil {
			b.Fatal(mistakes)
		}
	}
}
