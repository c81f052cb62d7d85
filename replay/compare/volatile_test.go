package compare_test

import (
	"testing"

	"rator/replay/compare"
	"rator/workflow/contract"
	"rator/workflow/value"
)

var numbers = &contract.Contract{Hookpoint: "X", Response: []*contract.Value{
	{Key: "MSISDN", Type: value.String, Volatile: true}, {Key: "DAY", Type: value.Date, Volatile: true}, {Key: "NOTE", Type: value.String},
}}

func numbered(number string) string { return answer(entryOf("string", "MSISDN", number)) }

// TestWhatTheCallerChoseIsCompared: a volatile value that a request named, in whatever
// spelling, must come as it was named; one that an answer introduced need not.
func TestWhatTheCallerChoseIsCompared(t *testing.T) {
	o := &compare.Options{Contract: numbers, IDs: &compare.IDs{}}
	check(t, numbered("13035550000"), numbered("13035550007"), o)
	o.IDs.Named([]byte("<a><n>13035550000</n><n> +1 (303) 555-0177 </n><d>2026-02-03</d></a>"))
	check(t, numbered("13035550000"), numbered("13035550008"), o)
	check(t, numbered("13035550177"), numbered("13035550178"), o, "value return/values[MSISDN]: 13035550177 | 13035550178")
	day := func(day string) string { return answer(entryOf("date", "DAY", day)) }
	check(t, day("2026-02-03"), day("2026-02-03Z"), o, "value return/values[DAY]: 2026-02-03 | 2026-02-03Z")
	check(t, day("2026-02-04"), day("2026-02-05"), o)
}

// TestVolatileValuesAreExchangedOnce: a live value that is equal to another recorded one
// stays, and a number is spelled as it was.
func TestVolatileValuesAreExchangedOnce(t *testing.T) {
	ids := &compare.IDs{}
	for recorded, live := range map[string]string{"100001": "100002", "100002": "100003", "100003": "100004", "13035550000": "13035550007", "a&b": "c<d"} {
		ids.Note(recorded, live)
	}
	const request = `<a k="100001">100001<b>100001</b><b>100002</b><b>100003</b><b>+1 (303) 555-0000</b><b>1000012</b><b>a&amp;b</b></a>`
	const want = `<a k="100001">100001<b>100002</b><b>100003</b><b>100004</b><b>+1 (303) 555-0007</b><b>1000012</b><b>c&lt;d</b></a>`
	if got := string(ids.Replace([]byte(request), func(string, string) {})); got != want {
		t.Errorf("sent is\n%s, want\n%s", got, want)
	}
	ids.Note("100001", "100001")
	if got := string(ids.Replace([]byte("<b>100001</b>"), func(string, string) {})); got != "<b>100001</b>" {
		t.Error("the newest does not hold:", got)
	}
}

// TestLivePlaceholders: what a placeholder put in is live, and is not taken for a
// recorded id again.
func TestLivePlaceholders(t *testing.T) {
	const first, second, third = "202601020304050001", "202601020304050002", "202601020304050003"
	ids := &compare.IDs{}
	ids.Learn(first, second)
	ids.Learn(second, third)
	o := &compare.Options{Contract: numbers, IDs: ids, Variables: func(string) (string, bool) { return second, true }}
	note := func(text string) string { return answer(entryOf("string", "NOTE", text)) }
	check(t, note("${x} and "+second), note(second+" and "+third), o)
	check(t, note("${x}"), note(first), o, "value return/values[NOTE]: "+second+" (for which "+third+" came before) | "+first)
	check(t, numbered("${x}"), numbered("13035550000"), o, "value return/values[MSISDN]: "+second+" | 13035550000")
}

// TestMessagesForPeople: a message may name what the server chose; what the caller
// named, and all its words, are compared.
func TestMessagesForPeople(t *testing.T) {
	ids := &compare.IDs{}
	ids.Note("100001", "100301")
	ids.Named([]byte("<n>100077</n>"))
	o := &compare.Options{Contract: numbers, IDs: ids}
	message := func(text string) string { return answer("<errorMessage>" + text + "</errorMessage>") }
	for _, c := range []struct {
		want, got string
		same      bool
	}{
		{"customer 100001 is closed", "customer 100301 is closed", true},
		{"2 lines in account 100008", "2 lines in account 100308", true},
		{"2 lines in account 100008", "3 lines in account 100308", false},
		{"reserved until 2026-01-09T03:04:05Z; incident x-1", "reserved until 2026-01-09T03:11:05Z; incident 4711", true},
		{"reserved until 2026-01-09", "reserved until 100002026", false},
		{"unknown customer: 100077", "unknown customer: 100078", false},
		{"the line is blocked", "the line is closed", false},
	} {
		found, err := compare.Answers([]byte(message(c.want)), []byte(message(c.got)), o)
		if err != nil || (len(found) == 0) != c.same {
			t.Errorf("%q and %q: %v, %v", c.want, c.got, found, err)
		}
	}
	check(t, answer(entryOf("string", "NOTE", "account 100008")), answer(entryOf("string", "NOTE", "account 100308")), o,
		"value return/values[NOTE]: account 100008 | account 100308")
}
