package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"rator/access"
	"rator/server"
	"rator/store/address"
	"rator/tmf/dialect"
	"rator/wire"
)

// screen is what a server shows when it serves.
type screen struct {
	program   string // as it was called
	endpoint  string
	store     string // its file, or address
	variable  string // RATOR_STORE, which other commands here have too
	temporary bool   // the store goes when the server ends
	callLog   string // "" = none
	key       string
	customers int64            // that were in the store before
	operator  *access.Operator // of a demo
	now       time.Time        // of the store
	testClock bool
}

// plain is the screen of a server with customers: where it is, and where its data are.
func (s *screen) plain() string {
	files := address.Shown(s.store)
	if s.callLog != "" {
		files += ", call log " + s.callLog
	}
	var bases []string
	for _, d := range dialect.All {
		bases = append(bases, d.Bases[0].Path)
	}
	return fmt.Sprintf("rator: store %s\nrator: %s, ?wsdl; TM Forum %s\n", files, s.endpoint, strings.Join(bases, ", "))
}

// demo is the screen of a demo: where, who, what to do next, and what stays. It has
// at most 80 columns where names are short.
func (s *screen) demo() string {
	rows := [][2]string{{"SOAP", s.endpoint}, {"WSDL", s.endpoint + "?wsdl"}, {"Page", "the SOAP address in a browser: every call with a sample"}}
	label := "TM Forum"
	for _, d := range dialect.All {
		rows = append(rows, [2]string{label, strings.TrimSuffix(s.endpoint, wire.Path) + d.Bases[0].Path})
		label = ""
	}
	rows = append(rows, [2]string{"Operator", s.who()}, [2]string{"Store", address.Shown(s.store) + ", " + s.lot()})
	if s.testClock {
		rows = append(rows, [2]string{"Clock", "a test clock, at " + s.now.UTC().Format(time.RFC3339)})
	}
	b := strings.Builder{}
	b.WriteString("\nThis is a demo.\n\n")
	for _, row := range rows {
		fmt.Fprintf(&b, "  %-9s %s\n", row[0], row[1])
	}
	if !s.temporary {
		b.WriteString(wrapped("  On disk   ", s.stays(), "\n            "))
	}
	b.WriteString("\nTry next, also in another terminal in this folder:\n\n")
	for _, words := range s.next() {
		b.WriteString(wrapped("  ", words, " \\\n      "))
	}
	b.WriteString("\n")
	return b.String()
}

// open reports whether the demo's password, which everybody knows, lets in.
func (s *screen) open() bool { return s.operator.Demo && s.operator.Enabled }

// who is the operator that calls can name, with the password as long as it is the demo's.
func (s *screen) who() string {
	login := "password " + server.DemoPassword
	switch {
	case !s.operator.Enabled:
		login = "disabled"
	case !s.operator.Demo:
		login = "with the password that it was given"
	}
	return server.DemoOperator + ", " + login + ", brand " + server.DemoBrand
}

// lot is what was in the store, and what becomes of it.
func (s *screen) lot() string {
	switch {
	case s.temporary:
		return "which goes when the server stops"
	case s.customers > 0:
		return fmt.Sprintf("of before, with its customers: %d", s.customers)
	}
	return "new"
}

// stays are the words of what is left when the server has ended.
func (s *screen) stays() []string {
	files := s.store
	if address.Is(s.store) {
		files = "the database"
	}
	if s.callLog != "" {
		files += ", " + s.callLog
	}
	return strings.Fields(files + ", " + s.key + " stay; remove them to start anew")
}

// next are up to three commands that can be typed as they stand, each in parts that stay
// on a line. They name the store where this folder, or RATOR_STORE, would lead to another.
func (s *screen) next() [][]string {
	store := []string{}
	if found, err := foundStore(); err != nil || found != s.store || s.variable != "" && s.variable != s.store {
		store = append(store, "--store "+shellQuoted(address.Shown(s.store)))
	}
	program := shellQuoted(s.program)
	log := append([]string{program, "log"}, store...)
	if address.Is(s.store) {
		log = []string{program, "log", "--call-log " + shellQuoted(cmp.Or(s.callLog, "DIR"))}
		store = append(store, "--tmf-pin-key "+shellQuoted(s.key))
	}
	// As of a day that is over in every zone.
	then := append([]string{program, "billing", "run", "--as-of " + s.now.UTC().AddDate(0, 0, -1).Format(time.DateOnly), "--dry-run"}, store...)
	if s.testClock && !address.Is(s.store) { // whose clock stands while it is served
		then = append([]string{program, "clock", "advance", "1", "month"}, store...)
	}
	if strings.HasPrefix(s.endpoint, "https:") {
		return [][]string{log, then} // rator call knows no authority but the machine's
	}
	if !s.open() {
		return [][]string{log, then} // nobody but its owner knows the password
	}
	call := []string{program, "call", "SOAP_SEARCH_CUSTOMERS", "CUSTOMER_NUMBER=100001", "--operator " + server.DemoOperator, "--password " + server.DemoPassword}
	if s.endpoint != defaultEndpoint {
		call = append(call, "--endpoint "+s.endpoint)
	}
	return [][]string{call, log, then}
}

// wrapped puts words on lines of at most 80 columns, with between where a line ends.
func wrapped(first string, words []string, between string) string {
	const columns = 80
	b, width := strings.Builder{}, len(first)
	b.WriteString(first)
	for i, word := range words {
		switch ends := len(strings.Split(between, "\n")[0]); {
		case i == 0:
		case width+1+len(word)+ends > columns:
			b.WriteString(between)
			width = len(between) - ends - 1
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	return b.String() + "\n"
}

// called is the name of this program as it can be called again from the same folder.
func called(name string) string {
	if clean := filepath.Clean(name); strings.Contains(clean, "/") {
		return clean
	}
	return name
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// shellQuoted is a word as a shell takes it.
func shellQuoted(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
