package scratch_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
	"rator/replay/fixture"
	"rator/server/scratch"
	"rator/server/servertest"
	"rator/store"
	"rator/suite"
)

// oldScripts are copies of the shipped folders of a version whose scripts emitted what
// the server tells of by itself now, as a site has them that copied before it changed.
const oldScripts = "../../testdata/site-5f5fc56"

var updateOld = flag.Bool("update-old-scripts", false, "write what answers of old copies of scripts differ in")

// TestOldCopiesOfScripts: a site that lies copies of old shipped scripts over ours gets
// the answers that its scripts ever gave, and each event once, as without them. What such
// scripts answer in other ways than fixtures of today want, since they know less, is kept
// in differs.txt as a server of before answered it.
func TestOldCopiesOfScripts(t *testing.T) {
	suite.Long(t, "plays all scenarios twice")
	if suite.Apart(t) {
		return
	}
	found, err := fixture.Find(fixture.Options{}, "../../testdata/soap")
	if err != nil {
		t.Fatal(err)
	}
	ours := playAll(t, found)
	for _, s := range found {
		s.Config.Server.Hookpoints = slices.Insert(s.Config.Server.Hookpoints, 0, oldScripts)
	}
	theirs := playAll(t, found)
	var differs []string
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		ours, theirs := ours[name], theirs[name]
		for _, d := range theirs.Differs {
			if !slices.Contains(ours.Differs, d) {
				differs = append(differs, name+" "+d)
			}
		}
		if slices.Equal(ours.Differs, theirs.Differs) {
			if diff := cmp.Diff(ours.Events, theirs.Events); diff != "" {
				t.Errorf("%s: events (-without old copies +with):\n%s", name, diff)
			}
		}
	}
	kept := filepath.Join(oldScripts, "differs.txt")
	if *updateOld {
		servertest.Write(t, oldScripts, "differs.txt", strings.Join(differs, "\n")+"\n")
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(servertest.Read(t, kept)), "\n"), differs); diff != "" {
		t.Errorf("answers (-before +now):\n%s", diff)
	}
}

// cameTo is what a scenario came to: what of its answers differs from what is expected,
// and what was told.
type cameTo struct{ Differs, Events []string }

// playAll plays scenarios, each on a server of its own.
func playAll(t *testing.T, all []*fixture.Scenario) map[string]*cameTo {
	t.Helper()
	came := comings{}
	for _, s := range all {
		came[s.Name] = &cameTo{}
		target := servertest.Inspected{Target: servertest.Target(), Look: func(server *scratch.Server) { came[s.Name].Events = toldBodies(t, server.Store) }}
		player := &replay.Player{Target: target, Sink: came}
		if _, err := player.Play(t.Context(), []*fixture.Scenario{s}); err != nil {
			t.Fatal(err)
		}
	}
	return came
}

type comings map[string]*cameTo

func (c comings) Played(r *replay.Result) error {
	if r.Err != nil {
		c[r.Scenario.Name].Differs = append(c[r.Scenario.Name].Differs, r.Err.Error())
	}
	for i := range r.Exchanges {
		for _, d := range r.Exchanges[i].Differences {
			c[r.Scenario.Name].Differs = append(c[r.Scenario.Name].Differs, fmt.Sprintf("%s %s: %s", r.Exchanges[i].Step.Label(), d.Path, d.Kind))
		}
	}
	return nil
}

func (c comings) Done(*replay.Summary) error { return nil }

// chance are ids and tokens, which are others each time.
var chance = regexp.MustCompile(`"(\d{18}|[A-Z2-7]{26})"`)

// toldBodies are topics, accounts' being there and bodies of all events.
func toldBodies(t *testing.T, st store.Store) (all []string) {
	t.Helper()
	if err := st.View(t.Context(), func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 10_000)
		for _, e := range events {
			if !json.Valid(e.Body) {
				t.Errorf("event %s: %s", e.Topic, e.Body)
			}
			all = append(all, fmt.Sprintf("%s %s %t %s", e.Topic, e.Brand, e.Account != 0, chance.ReplaceAllString(string(e.Body), "…")))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}
