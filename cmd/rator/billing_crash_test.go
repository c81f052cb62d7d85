package main

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/server/servertest"
	"rator/store"
	"rator/suite"
)

// crashGroups is how many billing groups TestKilledBillingRun has; set
// RATOR_TEST_GROUPS=100000 to see it at size (go test -timeout 60m).
func crashGroups(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("RATOR_TEST_GROUPS")); err == nil {
		return n
	}
	return 3000
}

// TestKilledBillingRun kills `rator billing run` again and again with kill -9 and
// starts it anew, until one ends by itself. The invoices are those of a run that
// nobody killed, and all money is right after each kill.
func TestKilledBillingRun(t *testing.T) {
	t.Parallel()
	suite.Long(t, "a billing run of thousands of groups, killed again and again")
	const kills = 4 // in the middle
	n := crashGroups(t)
	begun := time.Now()
	file := servertest.GroupsFile(t, n)
	t.Logf("%d groups made in %s", n, time.Since(begun).Round(time.Millisecond))
	whole, killed := servertest.Copied(t, file), servertest.Copied(t, file)

	begun = time.Now()
	if out, err := ratorProcess(t, "billing", "run", "--store", whole, "--as-of", servertest.RunDay); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	took := time.Since(begun)
	t.Logf("a run takes %s", took.Round(time.Millisecond))

	for attempt, inTheMiddle := 0, 0; inTheMiddle < kills; attempt++ {
		if attempt == 100 {
			t.Fatalf("only %d of %d kills came in the middle", inTheMiddle, attempt)
		}
		if killBillingRun(t, killed, time.Duration(rand.Int64N(int64(took)/10))) {
			killed, inTheMiddle = servertest.Copied(t, file), 0 // it was faster, so there is nothing left to kill
			continue
		}
		made := countOf(t, killed, "invoice")
		t.Logf("killed with %d invoices", made)
		if made > 0 {
			inTheMiddle++
		}
		if out, err := ratorProcess(t, "verify", "--store", killed); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	out, err := ratorProcess(t, "billing", "run", "--store", killed, "--as-of", servertest.RunDay)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("the last: %s", out)
	if out, err := ratorProcess(t, "verify", "--store", killed); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	want, got := invoiced(t, whole), invoiced(t, killed)
	if len(want) < n*9/10 {
		t.Errorf("%d invoices of %d groups", len(want), n)
	}
	if len(want) != len(got) {
		t.Fatalf("%d invoices, want %d", len(got), len(want))
	}
	for i := range want {
		if want[i] != got[i] {
			t.Fatalf("invoice %d (-whole +killed):\n%s", i, cmp.Diff(want[i], got[i]))
		}
	}
}

// killBillingRun starts a run and kills it a while after it has begun; true says that
// it had ended by itself.
func killBillingRun(t *testing.T, file string, after time.Duration) (ended bool) {
	t.Helper()
	binary, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command(binary, "billing", "run", "--store", file, "--as-of", servertest.RunDay)
	begins := written(t, file)
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	begins()
	time.Sleep(after)
	_ = run.Process.Kill()
	_ = run.Wait()
	return run.ProcessState.Exited()
}

// countOf is how many records of a kind a store file has.
func countOf(t *testing.T, file, kind string) (n int64) {
	t.Helper()
	st := servertest.OpenStore(t, file)
	defer st.Close()
	err := st.View(t.Context(), func(tx store.Tx) (err error) {
		n, err = tx.Count(kind)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
