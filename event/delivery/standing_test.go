package delivery

import (
	"errors"
	"net/http"
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

// TestRetryAfter: who asks to be left alone is, in seconds or until a date, for an hour at
// most and no shorter than otherwise.
func TestRetryAfter(t *testing.T) {
	const minute = time.Minute
	for _, test := range []struct {
		code       int
		asks       string
		from, most time.Duration // of the pause
	}{
		{429, "120", 2 * minute, 2 * minute}, {503, "120", 2 * minute, 2 * minute}, {500, "120", minute, minute}, {410, "120", minute, minute},
		{429, "", minute, minute}, {429, "soon", minute, minute}, {429, "-5", minute, minute}, {429, "1.5", minute, minute}, {429, "3", minute, minute},
		{503, "4000", time.Hour, time.Hour}, {503, "99999999999999999999", minute, minute}, {503, "4294967295", time.Hour, time.Hour},
		{503, time.Now().Add(30 * minute).UTC().Format(http.TimeFormat), 10 * minute, 30 * minute},
		{503, time.Now().Add(48 * time.Hour).UTC().Format(http.TimeFormat), time.Hour, time.Hour},
		{503, "Fri, 01 May 2026 12:00:00 GMT", minute, minute},
	} {
		c := NewClient(ClientConfig{Transport: answers(func() *http.Response {
			r := &http.Response{StatusCode: test.code, Status: http.StatusText(test.code), Header: http.Header{}, Body: http.NoBody}
			r.Header.Set("Retry-After", test.asks)
			return r
		})})
		err := c.Post(t.Context(), &Post{URL: "https://192.0.2.7/in"})
		var s Standing
		s.Resume(noon)
		s.Failed(err, noon, func(int) time.Duration { return minute })
		if pause := s.Next.Sub(noon); pause < test.from || pause > test.most || s.Due(s.Next.Add(-time.Second)) || s.Due(noon) || !s.Due(s.Next) {
			t.Errorf("%d, Retry-After %q: a pause of %s (%v)", test.code, test.asks, pause, err)
		}
	}
}

type answers func() *http.Response

func (a answers) RoundTrip(*http.Request) (*http.Response, error) { return a(), nil }
