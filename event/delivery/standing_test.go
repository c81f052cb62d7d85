package delivery

import (
	"errors"
	"net/url"
	"testing"
	"time"
)

var noon = time.Date(2026, 5, 2, 12, 0, 0, 0, time.UTC)

func TestBackoff(t *testing.T) {
	for failed, most := range map[int]time.Duration{1: 1250 * time.Millisecond, 3: 5 * time.Second, 9: 320 * time.Second, 60: 375 * time.Second} {
		if d := Backoff(failed); d > most || d < most/2 {
			t.Errorf("%d: %s", failed, d)
		}
	}
}

// TestStanding: ten failures in a row suspend, one that is taken between them begins the
// count anew, and who is resumed is told at once.
func TestStanding(t *testing.T) {
	var s Standing
	s.Resume(noon)
	fail := func(n int) {
		for range n {
			s.Failed(&url.Error{Op: "Post", URL: "http://secret/", Err: errors.New("refused")}, noon, func(int) time.Duration { return time.Minute })
		}
	}
	fail(9)
	if s.State != Active || s.Attempts != 9 || s.Reason != "refused" || s.Due(noon) || !s.Due(noon.Add(time.Minute)) {
		t.Errorf("after nine failures %+v", s)
	}
	if !s.Took() || s.Took() || s != (Standing{State: Active, Since: noon}) {
		t.Errorf("after one that was taken %+v", s)
	}
	fail(10)
	if s.State != Suspended || s.Reason != "refused" || s.Due(noon.Add(time.Hour)) {
		t.Errorf("after ten failures %+v", s)
	}
	if s.Resume(noon); !s.Due(noon) {
		t.Errorf("resumed %+v", s)
	}
}

// TestPauseOfAClockThatWasAhead: a clock that is put back does not keep a subscriber from
// being told until it has come as far again.
func TestPauseOfAClockThatWasAhead(t *testing.T) {
	var s Standing
	s.Resume(noon)
	s.Failed(errors.New("refused"), noon.Add(48*time.Hour), Backoff)
	if !s.Due(noon) {
		t.Errorf("%+v is not due two days before", s)
	}
	s.Failed(errors.New("refused"), noon, func(int) time.Duration { return longestPause * 5 / 4 })
	if s.Due(noon) {
		t.Errorf("%+v is due in its pause", s)
	}
}
