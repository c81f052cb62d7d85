package soap_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rator/soap"
	"rator/suite"
)

// stricter are the words of refusals that are ours and not XML's: what SOAP asks
// of a message, and what soap-interop.md "Strictness" leaves out of XML.
var stricter = regexp.MustCompile(`DOCTYPE is not allowed|processing instructions are not allowed|` +
	`is given twice|must be of type PasswordText|is not a SOAP Envelope|` +
	`charset "|in EBCDIC|half a surrogate pair|ends in the middle of a character|the XML declaration has no end`)

// TestXmllint has libxml2 judge every message kept, and each of the shapes with
// one byte taken out: what is not well-formed to it is refused, and what is
// refused though it is well-formed, is so for a reason of ours.
func TestXmllint(t *testing.T) {
	suite.Foreign(t, "xmllint", "xmllint", "--version")
	messages := map[string]string{}
	for _, folder := range []string{"soap-shapes", "hostile"} {
		for _, file := range fixtures(t, folder, ".xml") {
			messages[folder+"-"+filepath.Base(file)] = readFile(t, file)
		}
	}
	for _, file := range fixtures(t, "soap-shapes", ".xml") {
		whole := readFile(t, file)
		for at := 0; at < len(whole); at += 1 + len(whole)/100 {
			messages[fmt.Sprintf("%d-%s", at, filepath.Base(file))] = whole[:at] + whole[at+1:]
		}
	}
	refused := judge(t, messages)
	both, ours := 0, 0
	for name, message := range messages {
		m, err := decodeWhole(message, soap.Media{})
		var fault *soap.Fault
		switch {
		case refused[name] != "" && err == nil:
			t.Errorf("%s is accepted; libxml2 says %s\n%s", name, refused[name], describe(m, nil))
		case refused[name] != "":
			both++
		case err != nil && !errors.As(err, &fault) && !stricter.MatchString(err.Error()):
			t.Errorf("%s is refused, and libxml2 reads it: %v", name, err)
		case err != nil:
			ours++
		}
	}
	t.Logf("%d messages: both refuse %d, only we %d", len(messages), both, ours)
	if both < 500 || ours < 30 || both+ours > len(messages)-100 {
		t.Errorf("of %d messages both refuse %d, and only we %d", len(messages), both, ours)
	}
}

// judge is what libxml2 says against messages, by their names; nothing for one
// that is well-formed with its namespaces.
func judge(t *testing.T, messages map[string]string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	arguments := []string{"--noout", "--nonet"}
	for name, message := range messages {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(message), 0o600); err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, name)
	}
	cmd := exec.CommandContext(t.Context(), "xmllint", arguments...)
	cmd.Dir = dir
	said, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	against := map[string]string{}
	for line := range strings.Lines(string(said)) {
		name, text, _ := strings.Cut(line, ":")
		if _, known := messages[name]; known && against[name] == "" {
			against[name] = strings.TrimSpace(text)
		}
	}
	return against
}
