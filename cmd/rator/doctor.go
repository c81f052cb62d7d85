package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"rator/clock"
	"rator/server"
	"rator/server/doctor"
	"rator/store"
	"rator/store/address"
)

type doctorCommand struct {
	serveCommand `embed:""`
	Backups      string `help:"Folder of the backups: the age of the newest file in it is looked at." placeholder:"DIR"`
	JSON         bool   `name:"json" help:"Answer as JSON: state, and findings, each with check, state (ok, warning, mistake), what, mend." env:"-"`
}

func (c *doctorCommand) Help() string {
	return `Looks at an installation and says what is, how grave that is and how to mend it, a line each: clock and
zone, room on the disks, who may read store, keys and settings, certificates, plain HTTP, weak settings,
operators, subscribers that are behind, and the newest backup. It takes the settings of rator serve from the same
file, flags and environment; a server that has the store is asked through its administration socket. It
changes nothing.

Exit codes, which monitoring reads as Nagios has them: 0 all is well; 1 warnings; 2 mistakes, wrong flags and a
file of settings with a mistake too; 3 the store could not be asked.

  rator doctor --config /etc/rator/rator.toml --backups /var/backups/rator
  rator doctor --store rator.db --json`
}

// Exit codes of rator doctor; 3 is exitUnreachable.
var doctorCodes = map[doctor.Grave]int{doctor.OK: exitOK, doctor.Warning: 1, doctor.Mistake: 2}

func (c *doctorCommand) Run(t *terminal, set *settingsFile) error {
	in, err := c.installation(t, set.file)
	if err != nil {
		return err
	}
	found := doctor.Look(in)
	if err := c.print(t, found); err != nil {
		return err
	}
	code := doctorCodes[doctor.Worst(found)]
	if in.Facts == nil {
		code = exitUnreachable
	}
	if code == exitOK {
		return nil
	}
	return &exitError{code: code}
}

// installation is what the settings name, and what the store says.
func (c *doctorCommand) installation(t *terminal, settings string) (*doctor.Installation, error) {
	s := storeFlag{c.Store}
	if err := s.find(t); err != nil {
		return nil, err
	}
	c.Store = s.Store
	database := address.Is(c.Store)
	if c.TMFPinKey == "" && !database {
		c.TMFPinKey = server.KeyFileOf(c.Store)
	}
	in := &doctor.Installation{Now: time.Now(), Version: ownVersion(), Store: address.Shown(c.Store), Database: database, Settings: doctor.Settings{
		File: settings, Listen: c.Listen, MetricsListen: c.MetricsListen, TLSCert: c.TLSCert, TLSKey: c.TLSKey, ClientCA: c.ClientCA,
		Hookpoints: c.Hookpoints, Catalogue: c.Catalogue, KeyFile: c.TMFPinKey, TimeZone: c.TimeZone, TrustForwarded: c.TrustForwarded,
		Origins: c.TMFCORSOrigin, HubAllow: c.HubAllow, LenientTokens: c.UsernameToken == lenientTokens, Demo: c.Demo, Backups: c.Backups,
	}}
	in.BadSettings = c.startable(t)
	if log, err := c.config(c.Store); err == nil {
		in.CallLog, in.CallLogBytes = log.Dir, log.MaxBytes
	}
	in.Served, in.NoFacts = server.HasServer(t.ctx, c.Store)
	if in.NoFacts == nil {
		in.Facts, in.NoFacts = c.facts(t, &s)
	}
	return in, nil
}

// startable is why no server starts with the settings; nil when one does.
func (c *doctorCommand) startable(t *terminal) error {
	if _, err := c.loopback(); err != nil {
		return err
	}
	if _, err := c.certificates(); err != nil {
		return err
	}
	if err := c.beside(c.Store); err != nil {
		return err
	}
	var said bytes.Buffer
	quiet := *t
	quiet.out, quiet.err = &said, &said
	_, err := c.serveCommand.settings(&quiet, c.Store)
	if err != nil {
		return errors.New(onOneLine(said.String(), err))
	}
	return nil
}

// facts are what the store says, be it through the server that has it.
func (c *doctorCommand) facts(t *terminal, s *storeFlag) (*doctor.Facts, error) {
	key, err := filepath.Abs(c.TMFPinKey) // the server may run in another folder
	if err != nil {
		return nil, err
	}
	var out, said bytes.Buffer
	quiet := *t
	quiet.out, quiet.err = &out, &said
	err = s.read(&quiet, &out, nil, []string{"doctor", "--tmf-pin-key", key}, func(st store.Store) error {
		return tellFacts(&quiet, st, key, !address.Is(c.Store))
	})
	facts := &doctor.Facts{}
	if err == nil {
		err = json.Unmarshal(out.Bytes(), facts)
	}
	if err != nil {
		return nil, errors.New(onOneLine(said.String(), err))
	}
	return facts, nil
}

// doctorForwarded is what rator doctor asks a server for.
type doctorForwarded struct {
	TMFPinKey string `name:"tmf-pin-key" env:"-"`
}

func (c *doctorForwarded) Run(t *terminal) error { return tellFacts(t, t.live, c.TMFPinKey, false) }

// tellFacts writes doctor.Facts as JSON. Of a store that was opened for reading only it is not
// said whether it takes changes.
func tellFacts(t *terminal, st store.Store, keyFile string, readOnly bool) error {
	key, _ := server.ReadKeyFile(keyFile) // without one there is no key
	var facts doctor.Facts
	err := st.View(t.ctx, func(tx store.Tx) (err error) {
		facts, err = doctor.Gather(tx, key.Cards)
		return err
	})
	if err != nil {
		return err
	}
	facts.Version = ownVersion()
	if !readOnly {
		if err := st.Ready(); err != nil {
			facts.NotReady = err.Error()
		}
	}
	var own clock.Clock
	if err := own.Resume(t.ctx, st); err != nil {
		return err
	}
	facts.TestClock = own.Test()
	return json.NewEncoder(t.out).Encode(facts)
}

func (c *doctorCommand) print(t *terminal, found []doctor.Finding) error {
	if c.JSON {
		e := json.NewEncoder(t.out)
		e.SetIndent("", "  ")
		return e.Encode(struct {
			State    doctor.Grave     `json:"state"`
			Findings []doctor.Finding `json:"findings"`
		}{doctor.Worst(found), found})
	}
	wide := 0
	count := map[doctor.Grave]int{}
	for _, f := range found {
		wide = max(wide, len(f.Check))
		count[f.Grave]++
	}
	for _, f := range found {
		mend := ""
		if f.Mend != "" {
			mend = " -> " + f.Mend
		}
		fmt.Fprintf(t.out, "%-7s  %-*s  %s%s\n", f.Grave, wide, f.Check, onOneLine(f.What, nil), mend)
	}
	_, err := fmt.Fprintf(t.out, "%d mistakes, %d warnings, %d ok\n", count[doctor.Mistake], count[doctor.Warning], count[doctor.OK])
	return err
}

// onOneLine is what was said, and an error, in one line; an error without a cause adds nothing.
func onOneLine(said string, err error) string {
	if e := (*exitError)(nil); err != nil && (!errors.As(err, &e) || e.cause != nil) {
		said += "\n" + err.Error()
	}
	return strings.Join(strings.FieldsFunc(said, func(r rune) bool { return r == '\n' }), "; ")
}

// ownVersion is what this program was built from.
func ownVersion() string {
	info, _ := debug.ReadBuildInfo()
	return buildOf(info).String()
}
