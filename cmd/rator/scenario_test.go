package main

import (
	"context"
	"testing"

	"rator/replay"
	"rator/replay/fixture"
	"rator/server/scratch"
	"rator/server/servertest"
	"rator/soap"
)

const (
	scenarios = "../../testdata/soap"
	site      = "../../testdata/site"
	recorded  = "../../testdata/recorded"
)

// inspected is a target whose servers are looked at before they end.
type inspected struct {
	*scratch.Target
	look func(s *scratch.Server)
}

type inspectedSession struct {
	replay.Session
	look func()
}

func (t inspected) Begin(ctx context.Context, s *fixture.Scenario) (replay.Session, error) {
	session, err := t.Target.Begin(ctx, s)
	if err != nil {
		return nil, err
	}
	return inspectedSession{session, func() { t.look(session.(*scratch.Session).Server) }}, nil
}

func (s inspectedSession) Close() error {
	s.look()
	return s.Session.Close()
}

// complaining fails the test for what is not equal.
type complaining struct{ *testing.T }

func (t complaining) Played(r *replay.Result) error {
	if r.Err != nil {
		t.Errorf("%s: %v", r.Scenario.Name, r.Err)
	}
	for i := range r.Exchanges {
		for _, d := range r.Exchanges[i].Differences {
			t.Errorf("%s %s: %s %s: want %s, got %s", r.Scenario.Name, r.Exchanges[i].Step.Label(), d.Path, d.Kind, d.Want, d.Got)
		}
	}
	return nil
}

func (t complaining) Done(*replay.Summary) error { return nil }

// play plays the scenarios below dir; look sees each server before it ends.
func play(t *testing.T, dir string, look func(s *scratch.Server)) {
	t.Helper()
	found, err := fixture.Find(fixture.Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	player := &replay.Player{Target: inspected{servertest.Target(), look}, Sink: complaining{t}}
	if _, err := player.Play(t.Context(), found); err != nil {
		t.Fatal(err)
	}
}

func answerLimits() *soap.Limits {
	limits := soap.DefaultAnswerLimits()
	return &limits
}
