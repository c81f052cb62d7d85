// Package doctor looks at an installation, served or at rest, and says what is, how grave
// that is and how to mend it. It is a table of checks (checks.go) over the settings that a
// server would have, the files that they name, and what the store says (facts.go). It
// changes nothing.
package doctor

import (
	"strings"
	"time"
)

// Grave is how grave a finding is.
type Grave int

// From what is well to what an operator has to mend.
const (
	OK Grave = iota
	Warning
	Mistake
)

func (g Grave) String() string { return [...]string{"ok", "warning", "mistake"}[g] }

// MarshalText is the word.
func (g Grave) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// Finding is what a check found, in one line.
type Finding struct {
	Check string `json:"check"`
	Grave Grave  `json:"state"`
	What  string `json:"what"`
	Mend  string `json:"mend,omitempty"` // "" where nothing is to be mended
}

// Installation is what is looked at. Files are paths, "" = none.
type Installation struct {
	Now     time.Time                       // of the machine
	free    func(dir string) (int64, error) // bytes that may be written there; nil = what the system says
	Version string                          // of this program
	machine func() (string, error)          // name of the machine's zone; nil = what the system says

	Settings
	BadSettings error  // why no server starts with them; nil = one does
	Store       string // its file, or the address of a database without its password
	Database    bool
	Served      bool   // a server has the store
	Facts       *Facts // nil where the store could not be asked
	NoFacts     error  // why
}

// Settings are those of a server, as rator serve has them.
type Settings struct {
	File           string // of settings
	Listen         string // HOST:PORT
	MetricsListen  string // "" = on Listen
	TLSCert        string
	TLSKey         string
	ClientCA       string
	Hookpoints     string
	Catalogue      string
	CallLog        string // folder
	CallLogBytes   int64  // that it may have
	KeyFile        string // of PINs
	TimeZone       string // a name of the IANA database; server.LocalZone = the machine's
	TrustForwarded bool
	Origins        []string // from which browsers may ask
	HubAllow       []string // where subscribers may be, beside what is public
	LenientTokens  bool
	Demo           bool
	Backups        string // folder
}

// Look makes every check.
func Look(in *Installation) []Finding {
	var all []Finding
	for _, c := range checks {
		for _, f := range c.look(in) {
			one := Finding{Check: c.name, Grave: f.grave, What: f.what}
			if f.grave > OK {
				one.Mend = strings.ReplaceAll(c.mend, "{}", f.of)
			}
			all = append(all, one)
		}
	}
	return all
}

// Worst is the gravest that was found.
func Worst(all []Finding) Grave {
	worst := OK
	for _, f := range all {
		worst = max(worst, f.Grave)
	}
	return worst
}
