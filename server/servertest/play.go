package servertest

import (
	"context"
	"testing"

	"rator/replay"
	"rator/replay/fixture"
	"rator/server/scratch"
	"rator/soap"
)

// Inspected is a target whose servers are looked at before they end.
type Inspected struct {
	*scratch.Target
	Look func(s *scratch.Server)
}

type inspectedSession struct {
	replay.Session
	look func()
}

// Begin is replay.Target's.
func (t Inspected) Begin(ctx context.Context, s *fixture.Scenario) (replay.Session, error) {
	session, err := t.Target.Begin(ctx, s)
	if err != nil {
		return nil, err
	}
	return inspectedSession{session, func() { t.Look(session.(*scratch.Session).Server) }}, nil
}

func (s inspectedSession) Close() error {
	s.look()
	return s.Session.Close()
}

// Complaining fails the test for what is not equal.
type Complaining struct{ *testing.T }

// Played is replay.Sink's.
func (t Complaining) Played(r *replay.Result) error {
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

// Done is replay.Sink's.
func (t Complaining) Done(*replay.Summary) error { return nil }

// Play plays the scenarios below dir; look sees each server before it ends.
func Play(t *testing.T, dir string, look func(s *scratch.Server)) {
	t.Helper()
	found, err := fixture.Find(fixture.Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	player := &replay.Player{Target: Inspected{Target(), look}, Sink: Complaining{t}}
	if _, err := player.Play(t.Context(), found); err != nil {
		t.Fatal(err)
	}
}

// AnswerLimits are those of answers.
func AnswerLimits() *soap.Limits {
	limits := soap.DefaultAnswerLimits()
	return &limits
}
