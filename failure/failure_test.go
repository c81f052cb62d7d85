package failure_test

import (
	"errors"
	"fmt"
	"testing"

	"rator/failure"
)

var trial = failure.Declare(99_901, "TRIAL", failure.Conflict, failure.Text{"EN": "it is taken", "DK": "den er taget"})

func TestMessages(t *testing.T) {
	for _, c := range []struct {
		err      *failure.Error
		language string
		want     string
	}{
		{trial.Error(), "EN", "it is taken"},
		{trial.Error(), "DK", "den er taget"},
		{trial.Error(), "XX", "it is taken"},
		{trial.With("%s %d", "number", 7), "DK", "den er taget: number 7"},
		{&failure.Error{Code: trial, Text: failure.Text{"EN": "own words"}}, "DK", "own words"},
		{&failure.Error{Code: trial, Text: failure.Text{"EN": "own words", "DK": "egne ord"}, Detail: "7"}, "DK", "egne ord: 7"},
	} {
		if got := c.err.Message(c.language); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

var compared = failure.Declare(99_902, "COMPARED", failure.Conflict, failure.Text{"EN": "it is taken"}).Verbatim()

// TestAnswers: behind a sentence that clients compare whole stands nothing.
func TestAnswers(t *testing.T) {
	for err, want := range map[*failure.Error]string{
		trial.With("number 7"):    "it is taken: number 7",
		compared.With("number 7"): "it is taken",
	} {
		if got := err.Answer("EN"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := compared.With("number 7").Message("EN"); got != "it is taken: number 7" {
		t.Errorf("%q", got)
	}
}

func TestCodesAreFoundThroughWraps(t *testing.T) {
	cause := errors.New("disk")
	err := fmt.Errorf("while signing up: %w", trial.Because(cause))
	if failure.CodeOf(err) != trial || failure.KindOf(err) != failure.Conflict || !errors.Is(err, cause) || !errors.Is(err, trial.Error()) {
		t.Errorf("%v", err)
	}
	if failure.CodeOf(cause) != nil || failure.KindOf(cause) != failure.Internal {
		t.Errorf("%v has a code", cause)
	}
	if failure.ByName("TRIAL") != trial || failure.ByNumber(99_901) != trial || failure.ByName("NONE") != nil {
		t.Error("codes are not found")
	}
}

// TestDeclareOnce: a number or name that is declared again is a programmer's
// mistake.
func TestDeclareOnce(t *testing.T) {
	for _, again := range []func(){
		func() { failure.Declare(99_901, "OTHER", failure.Conflict, failure.Text{"EN": "x"}) },
		func() { failure.Declare(99_902, "TRIAL", failure.Conflict, failure.Text{"EN": "x"}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("declared twice")
				}
			}()
			again()
		}()
	}
}

// TestTechnicalCodesKeepTheirNumbers: clients know the endpoint's own codes by
// number.
func TestTechnicalCodesKeepTheirNumbers(t *testing.T) {
	for number, name := range map[int]string{
		1: "UNKNOWN_HOOKPOINT", 2: "NOT_AUTHENTICATED", 3: "NOT_ALLOWED", 4: "INVALID_REQUEST",
		5: "REQUEST_ID_REUSED", 6: "BUSY", 7: "WORKFLOW_FAILED", 9: "INTERNAL",
	} {
		if c := failure.ByNumber(number); c == nil || c.Name != name {
			t.Errorf("%d is %+v, want %s", number, c, name)
		}
	}
	for _, c := range failure.Codes() {
		if c.Number > 9 && c.Number < 100 {
			t.Errorf("%d %s: a business code counts from 100", c.Number, c.Name)
		}
	}
}
