package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rator/server/servertest"
	"rator/suite"
)

// customerLine is a customer of another system.
func customerLine(n int) string {
	return fmt.Sprintf(`{"format":"rator-customer/1","account":{"customer_number":"K%d","account_type":"0"},"users":[{"first_name":"Bo","last_name":"Ek","username":"old%d"}],`+
		`"billing_groups":[{"balance":{"amount":"-12.50"}}],"subscriptions":[{"product_code":"POST_PAID","start_date":"2019-03-01T12:00:00Z"}],"services":[{"msisdn":"1720555%04d"}]}`, n, n, n)
}

func customerLines(from, to int) string {
	var b strings.Builder
	for n := from; n < to; n++ {
		b.WriteString(customerLine(n) + "\n")
	}
	return b.String()
}

// loadedBy is what rator load prints of so many customers.
const loadedBy = " customers are loaded: account "

// TestLoad: the same command into a file, from standard input, and into a server, which
// prints the same; twice is once; mistakes are told, and nothing is written.
func TestLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	wrong := customerLines(0, 2) + strings.Replace(customerLine(2), "old2", "OLD1", 1) + "\n" + strings.Replace(customerLine(3), "POST_PAID", "POSTPAID", 1) + "\n"
	servertest.Write(t, dir, "wrong.ndjson", wrong)
	servertest.Write(t, dir, "old.csv", "CUSTOMER_NUMBER;ACCOUNT_TYPE;FIRST_NAME;PRODUCT_CODE;MSISDN\nC1;0;Bo;POST_PAID;720 555 9001\n")
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write([]byte(customerLines(0, 120)))
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	servertest.Write(t, dir, "right.ndjson.gz", packed.String())
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, live := range []bool{false, true} {
		t.Run(fmt.Sprintf("live %t", live), func(t *testing.T) {
			file := servertest.StoreFile(t)
			if live {
				startServer(t, "--store", file)
			}
			results := filepath.Join(t.TempDir(), "results.csv")
			for _, c := range []struct {
				what, stdin string
				args        []string
				code        int
				out, err    []string
			}{
				{"mistakes", "", []string{in("wrong.ndjson")}, exitFailed,
					[]string{in("wrong.ndjson") + ":3: users[0].username: ", in("wrong.ndjson") + ":2 too", ":4: subscriptions[0].product_code: ", "; nothing is written"}, nil},
				{"some mistakes", "", []string{in("wrong.ndjson"), "--mistakes", "1"}, exitFailed, []string{":3: ", "more mistakes"}, nil},
				{"dry", "", []string{in("right.ndjson.gz"), "--dry-run"}, exitOK, []string{"120 customers can be loaded: account 120, ", "nothing is written"}, nil},
				{"a file", "", []string{in("right.ndjson.gz"), "--results", results}, exitOK, []string{"120" + loadedBy + "120, "}, nil},
				{"it again", "", []string{in("right.ndjson.gz"), "--results", results}, exitOK, []string{"these 120 customers were loaded "}, nil},
				{"standard input", customerLines(200, 210), []string{"-"}, exitOK, []string{"10" + loadedBy + "10, "}, nil},
				{"CSV", "", []string{in("old.csv")}, exitOK, []string{"1 customer is loaded: account 1, "}, nil},
				{"nothing to give up", "", []string{"--abandon"}, exitOK, []string{"no load is half done"}, nil},
				{"no such file", "", []string{in("none.ndjson")}, exitUnreachable, nil, []string{"none.ndjson"}},
				{"no file", "", nil, exitUsage, nil, []string{"name the files"}},
			} {
				o := rator(t, c.stdin, append([]string{"load", "--store", file, "--brand", "DEMO"}, c.args...)...)
				if o.code != c.code {
					t.Errorf("%s: %+v", c.what, o)
				}
				for _, want := range c.out {
					if !strings.Contains(o.out, want) {
						t.Errorf("%s: no %q in %+v", c.what, want, o)
					}
				}
				for _, want := range c.err {
					if !strings.Contains(o.err, want) {
						t.Errorf("%s: no %q in %+v", c.what, want, o)
					}
				}
			}
			if rows := strings.Count(servertest.Read(t, results), "\n"); rows != 120 {
				t.Errorf("%d results", rows)
			}
			if left, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".rator-load-*")); err != nil || len(left) > 0 {
				t.Errorf("left: %v %v", left, err)
			}
			if o := rator(t, "", "verify", "--store", file); o.code != exitOK {
				t.Errorf("%+v", o)
			}
		})
	}
}

// TestLoadJSON: programs read the summary, and mistakes on standard error.
func TestLoadJSON(t *testing.T) {
	t.Parallel()
	file := servertest.StoreFile(t)
	o := rator(t, customerLines(0, 3)+"{}\n", "load", "--store", file, "--brand", "DEMO", "--json", "-")
	var s loadSummary
	if err := json.Unmarshal([]byte(o.out), &s); err != nil || s.Mistakes != 1 || s.Customers != 4 || !strings.Contains(o.err, "standard input:4: ") {
		t.Errorf("%+v %+v %v", s, o, err)
	}
	if o := rator(t, "", "load", "--schema"); o.code != exitOK || !json.Valid([]byte(o.out)) {
		t.Errorf("%d %.200s", o.code, o.out)
	}
}

// TestKilledLoad kills `rator load` with kill -9 in the middle, again and again, and begins it
// anew until it ends: each customer is there once, and in the results.
func TestKilledLoad(t *testing.T) {
	t.Parallel()
	suite.Long(t, "a load of thousands of customers, killed again and again")
	binary, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	const n = 4000
	dir := t.TempDir()
	servertest.Write(t, dir, "old.ndjson", customerLines(0, n))
	file, results := servertest.StoreFile(t), filepath.Join(dir, "results.csv")
	args := []string{"load", "--store", file, "--brand", "DEMO", "--group", "5", "--results", results, filepath.Join(dir, "old.ndjson")}
	kills, ended := 0, false
	for attempt := 0; attempt < 4; attempt++ {
		had := int64(0)
		if info, err := os.Stat(results); err == nil {
			had = info.Size()
		}
		load := exec.Command(binary, args...)
		if err := load.Start(); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
			if info, err := os.Stat(results); err == nil && info.Size() > had {
				break
			}
		}
		_ = load.Process.Kill()
		_ = load.Wait()
		if ended = load.ProcessState.Exited(); ended { // before the kill, on a machine that does much else
			break
		}
		kills++
		if out, err := ratorProcess(t, "verify", "--store", file); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		t.Logf("killed with %d customers", countOf(t, file, "account"))
	}
	if kills == 0 {
		t.Error("no kill came in the middle")
	}
	out, err := ratorProcess(t, args...)
	said := []string{"going on after ", fmt.Sprintf("%d customers are loaded", n)}
	if ended {
		said = []string{fmt.Sprintf("these %d customers were loaded", n)}
	}
	if err != nil || slices.ContainsFunc(said, func(part string) bool { return !strings.Contains(out, part) }) {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := ratorProcess(t, "verify", "--store", file); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if got := countOf(t, file, "account"); got != n {
		t.Errorf("%d accounts", got)
	}
	lines := strings.Split(strings.TrimSpace(servertest.Read(t, results)), "\n")
	if len(lines) != n {
		t.Errorf("%d results", len(lines))
	}
	for i, line := range lines {
		if want := fmt.Sprintf("%s,%d,K%d,", filepath.Join(dir, "old.ndjson"), i+1, i); !strings.HasPrefix(line, want) {
			t.Fatalf("result %d is %s", i+1, line)
		}
	}
}
