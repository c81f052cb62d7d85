package soap_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"rator/soap"
	"rator/workflow"
	"rator/workflow/value"
)

// addMessages gives a fuzz target every message kept, as a seed.
func addMessages(f *testing.F) {
	for _, folder := range []string{"soap-shapes", "hostile"} {
		for _, file := range fixtures(f, folder, ".xml") {
			f.Add(readFile(f, file), "")
		}
	}
	for _, file := range fixtures(f, "recorded", ".http") {
		message, media := recordedRequest(f, file)
		f.Add(message, media.Charset)
	}
}

// FuzzDecode holds Decode to encoding/xml: what it accepts is XML to both, and
// says the same; what it refuses, it refuses in words that name a place.
func FuzzDecode(f *testing.F) {
	addMessages(f)
	f.Add("<a/>", strings.Repeat("\x80", 200))
	f.Fuzz(func(t *testing.T, message, charset string) {
		got, err := decodeWhole(message, soap.Media{Charset: charset})
		if err != nil {
			checkRefusal(t, message, err)
			return
		}
		checkAgainstReference(t, message, charset, got)
	})
}

func checkAgainstReference(t *testing.T, message, charset string, got soap.Message) {
	t.Helper()
	root, err := parseReference(message, charset)
	if err != nil {
		if !isKnownDifference(err) {
			t.Fatalf("encoding/xml refuses what was accepted: %v", err)
		}
		return
	}
	want, err := readReference(root)
	if err != nil {
		t.Fatalf("accepted, though there is %v", err)
	}
	// Who calls is not the reference's matter.
	got.MessageID, got.Credentials, got.Security, got.Addressing = "", nil, nil, nil
	if want, got := describe(want, nil), describe(got, nil); got != want {
		t.Fatalf("read as\n%s\nencoding/xml reads\n%s", got, want)
	}
}

// isKnownDifference tells what encoding/xml refuses and we rightly accept: it
// knows the names of XML 1.0's second edition only; the fifth, like libxml2,
// allows more letters.
func isKnownDifference(err error) bool {
	return strings.Contains(err.Error(), "invalid XML name")
}

// checkRefusal wants an error of the kinds there are, short, and with a place in
// the message unless it is about all of it: its length, its charset, or what
// SOAP asks of it.
func checkRefusal(t *testing.T, message string, err error) {
	t.Helper()
	var syntax *soap.SyntaxError
	var limit *soap.LimitError
	var fault *soap.Fault
	line, column := 0, 0
	switch text := err.Error(); {
	case !utf8.ValidString(text) || text == "" || len(text) > 600:
		t.Fatalf("an error of %d bytes: %q", len(text), text)
	case errors.As(err, &syntax):
		line, column = syntax.Line, syntax.Column
		if line == 0 && (strings.Contains(text, "charset") || strings.HasPrefix(text, "the message i")) {
			return
		}
	case errors.As(err, &limit):
		line, column = limit.Line, limit.Column
		if line == 0 && limit.Limit == "message_bytes" {
			return
		}
	case errors.As(err, &fault):
		if fault.Code == "" || fault.Text == "" {
			t.Fatalf("a fault without code or text: %#v", fault)
		}
		return
	}
	if line < 1 || column < 1 || line > strings.Count(message, "\n")+1 || column > len(message)+1 {
		t.Fatalf("%T without a place in the message: %v", err, err)
	}
}

// FuzzDecodeEncodeDecode writes what was read, as a request and as an answer of
// both versions, and reads it again.
func FuzzDecodeEncodeDecode(f *testing.F) {
	addMessages(f)
	f.Fuzz(func(t *testing.T, message, charset string) {
		m, err := decodeWhole(message, soap.Media{Charset: charset})
		if err != nil {
			return
		}
		checkRoundTrip(t, m.Hookpoint, m.Values)
	})
}

// FuzzText writes any bytes as key, value and error message: what comes back is
// the same, but for what XML cannot say.
func FuzzText(f *testing.F) {
	for _, e := range everything {
		f.Add(e.Key, e.Text)
	}
	f.Add("A\x00", "\x01\xff\uFFFE\uFFFF\xed\xa0\x80]]>\r\n\x7f\u0085")
	f.Fuzz(func(t *testing.T, key, text string) {
		if len(key)+len(text) > 20<<10 {
			return // written, it can be too long to be read again
		}
		tree := value.Tree{{Key: key, Type: value.String, Text: text}, value.Of(text, value.OfString(text, key))}
		checkRoundTrip(t, "SOAP_X", tree)
		answer := workflow.Result{ErrorMessage: text, Values: tree}
		for name, written := range map[string][]byte{
			"typed answer": soap.AppendTypedAnswer(nil, soap.Version11, "SOAP_X", &answer),
			"fault 1.1":    soap.AppendFault(nil, soap.Version11, &soap.Fault{Code: soap.FaultServer, Text: text}),
			"fault 1.2": soap.AppendFault(nil, soap.Version12, &soap.Fault{Code: soap.FaultMustUnderstand, Text: text,
				NotUnderstood: soap.QName{Namespace: text, Local: "x"}}),
		} {
			if _, err := parseReference(string(written), ""); err != nil && !isKnownDifference(err) {
				t.Errorf("%s: %v\n%s", name, err, written)
			}
		}
	})
}

// checkRoundTrip writes a tree in every form and reads it with Decode or
// DecodeAnswer, which must give the same tree, and with encoding/xml.
func checkRoundTrip(t *testing.T, hookpoint string, values value.Tree) {
	t.Helper()
	limits := soap.DefaultAnswerLimits()
	want := treeText(sayable(values))
	for _, version := range []soap.Version{soap.Version11, soap.Version12} {
		asked := string(soap.AppendRequest(nil, version, hookpoint, values))
		m, err := soap.Decode(asked, soap.Media{}, &limits)
		if got := treeText(m.Values); err != nil || got != want || m.Hookpoint != sayableText(hookpoint) || m.Version != version {
			t.Fatalf("SOAP %s request: %v %q\n%s\nread as\n%s\nwas\n%s", version, err, m.Hookpoint, asked, got, want)
		}
		checkAgainstReference(t, asked, "", m)

		result := workflow.Result{ErrorCode: -1, ErrorMessage: hookpoint, Status: 1, Values: values}
		answer := string(soap.AppendAnswer(nil, version, &result))
		r, err := soap.DecodeAnswer(answer, soap.Media{}, &limits)
		if got := treeText(r.Values); err != nil || got != want || r.ErrorMessage != sayableText(hookpoint) || r.ErrorCode != -1 || r.Status != 1 {
			t.Fatalf("SOAP %s answer: %v\n%s\nread as\n%s\nwas\n%s", version, err, answer, got, want)
		}
	}
}

// sayable is a tree as it comes over the wire: what has no type goes as a
// string, what is odd as what it looks like, what XML cannot say as U+FFFD.
func sayable(tree value.Tree) value.Tree {
	out := make(value.Tree, len(tree))
	for i, e := range tree {
		e.Odd = false
		e.Key, e.Text, e.Items = sayableText(e.Key), sayableText(e.Text), sayable(e.Items)
		if e.Type == value.Bare {
			e.Type = value.String
		}
		out[i] = e
	}
	return out
}

func sayableText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return utf8.RuneError
		}
		return r
	}, s) // which makes U+FFFD of what is not UTF-8
}

// TestReference reads every kept message with the second reader too, so that the
// fuzz targets are known to compare something.
func TestReference(t *testing.T) {
	for _, file := range fixtures(t, "soap-shapes", ".xml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			m, err := decodeWhole(readFile(t, file), soap.Media{})
			if err != nil {
				t.Fatal(err)
			}
			checkAgainstReference(t, readFile(t, file), "", m)
			checkRoundTrip(t, m.Hookpoint, m.Values)
		})
	}
	for _, file := range fixtures(t, "recorded", ".http") {
		message, media := recordedRequest(t, file)
		m, err := decodeWhole(message, media)
		if err != nil {
			t.Fatal(err)
		}
		checkAgainstReference(t, message, media.Charset, m)
	}
}
