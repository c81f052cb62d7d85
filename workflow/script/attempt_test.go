package script_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rator/failure"
	"rator/workflow/script"
)

var tooBusy = failure.Declare(99004, "TOO_BUSY", failure.Busy, failure.Text{"EN": "too busy"})

const attemptJoin = `a = attempt(call.join_campaign, ACCOUNT_ID = "7")
note(str(a))
return {"OUT": {"OK": a.ok, "CODE": a.code, "MESSAGE": a.message, "VALUE": a.value, "TRUE": bool(a)}}`

func TestAttempt(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want string
		log  []string
	}{
		{"goes well", nil, "OUT{OK:boolean=true CODE= MESSAGE= VALUE{ID=join_campaign.ID} TRUE:boolean=true}",
			[]string{"savepoint", "join_campaign(ACCOUNT_ID=7)", "note attempt(ok = true)"}},
		{"fails in English alone", numberInUse.With("4711"), "OUT{OK:boolean=false CODE=NUMBER_IN_USE MESSAGE=the number is in use: 4711 VALUE! TRUE:boolean=false}",
			[]string{"savepoint", "join_campaign(ACCOUNT_ID=7)", "undone", "note attempt(ok = false)"}},
		{"fails in the caller's language", topupMissing.Error(), "OUT{OK:boolean=false CODE=TOPUP_MISSING MESSAGE=der mangler en optankning VALUE! TRUE:boolean=false}",
			[]string{"savepoint", "join_campaign(ACCOUNT_ID=7)", "undone", "note attempt(ok = false)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.fails["join_campaign"] = c.err
			out, err := answer(t, w, attemptJoin)
			if got := flat(out); err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
			if !slices.Equal(w.log, c.log) {
				t.Errorf("asked for %q; want %q", w.log, c.log)
			}
		})
	}
}

// Only failures of the business may be attempted.
func TestAttemptDoesNotCatch(t *testing.T) {
	full := errors.New("the disk is full")
	for _, c := range []struct {
		name, attempt, nested string
		fails                 error
		want                  error
		text                  string
	}{
		{"a fault of ours", "call.join_campaign, ACCOUNT_ID = 1", "", brokenByUs.Error(), brokenByUs.Error(), "call.join_campaign: BROKEN"},
		{"a conflict of two writers", "call.join_campaign, ACCOUNT_ID = 1", "", tooBusy.Error(), tooBusy.Error(), "call.join_campaign: TOO_BUSY"},
		{"the store", "call.join_campaign, ACCOUNT_ID = 1", "", full, full, "call.join_campaign: the disk is full"},
		{"a wrong argument", "call.echo, AMOUNT = p.TEXT", "", nil, failure.WorkflowFailed.Error(), "AMOUNT is a double value"},
		{"a fault of another script", "api.SOAP_READ, ACCOUNT_ID = 1", "return {\"NAME\": 1 // 0}", nil, failure.WorkflowFailed.Error(), "division by zero"},
		{"steps of another script", "api.SOAP_READ, ACCOUNT_ID = 1", "for i in range(100000): pass", nil, failure.WorkflowFailed.Error(), "more than 20000 steps"},
		{"memory of another script", "api.SOAP_READ, ACCOUNT_ID = 1", "for i in range(100): 'a' * 60000", nil, failure.WorkflowFailed.Error(), "more than 4 MiB of memory"},
		{"calls of another script", "api.SOAP_READ, ACCOUNT_ID = 1", "for i in range(1000): call.echo()", nil, failure.WorkflowFailed.Error(), "more than 300 calls"},
		{"what another script does not catch", "api.SOAP_READ, ACCOUNT_ID = 1", "attempt(call.product_config, CODE = 1)", full, full, "the disk is full"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.fails["join_campaign"], w.fails["product_config"] = c.fails, c.fails
			w.programs["SOAP_READ"] = compile(t, "SOAP_READ", "def run(p):\n    "+c.nested+"\n    return {}\n")
			_, err := answer(t, w, "a = attempt("+c.attempt+")\nreturn {\"OUT\": {\"A\": a.ok}}")
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("got %v; want %v with %s", err, c.want, c.text)
			}
		})
	}
}

func TestAttemptInsideAttempt(t *testing.T) {
	w := newWorld()
	w.fails["product_config"] = numberInUse.Error()
	w.programs["SOAP_READ"] = compile(t, "SOAP_READ", `def run(p):
    inner = attempt(call.product_config, CODE = "C")
    if p.ACCOUNT_ID == "bad":
        call.product_config(CODE = inner.code)
    return {"NAME": inner.code}
`)
	out, err := answer(t, w, `good = attempt(api.SOAP_READ, ACCOUNT_ID = "good")
bad = attempt(api.SOAP_READ, ACCOUNT_ID = "bad")
return {"OUT": {"GOOD": good.value.NAME, "BAD": bad.code}}`)
	if want := "OUT{GOOD=NUMBER_IN_USE BAD=NUMBER_IN_USE}"; err != nil || flat(out) != want {
		t.Errorf("got %s, %v; want %s", flat(out), err, want)
	}
	want := []string{
		"savepoint", "api SOAP_READ(ACCOUNT_ID=good)", "  savepoint", "  product_config(CODE=C)", "  undone",
		"savepoint", "api SOAP_READ(ACCOUNT_ID=bad)", "  savepoint", "  product_config(CODE=C)", "  undone", "  product_config(CODE=NUMBER_IN_USE)", "undone",
	}
	if !slices.Equal(w.log, want) {
		t.Errorf("asked for\n%s\nwant\n%s", strings.Join(w.log, "\n"), strings.Join(want, "\n"))
	}
}

// badSavepoints cannot undo, or keep, what they should.
type badSavepoints struct {
	*world
	err error
}

func (b badSavepoints) Savepoint(fn func() error) error {
	_ = fn()
	return b.err
}

func TestSavepointFails(t *testing.T) {
	full := errors.New("the disk is full")
	p := compile(t, "", "def run(p):\n    return {\"OK\": attempt(call.join_campaign, ACCOUNT_ID = \"1\").ok}\n")
	for _, inside := range []error{nil, numberInUse.Error()} {
		w := newWorld()
		w.fails["join_campaign"] = inside
		w.runtime.Host = badSavepoints{w, full}
		out, err := p.Run(&w.runtime, nil)
		var at *script.Error
		if out != nil || !errors.Is(err, full) || !errors.As(err, &at) || at.Step != "attempt" {
			t.Errorf("after %v: got %s, %v", inside, flat(out), err)
		}
	}
}

// A failure of the business is found wherever it is wrapped.
func TestAttemptOfWrappedFailure(t *testing.T) {
	w := newWorld()
	w.fails["join_campaign"] = fmt.Errorf("while joining: %w", numberInUse.Error())
	out, err := answer(t, w, attemptJoin)
	if err != nil || !strings.Contains(flat(out), "CODE=NUMBER_IN_USE") {
		t.Errorf("got %s, %v", flat(out), err)
	}
}
