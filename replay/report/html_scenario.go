package report

import (
	"fmt"
	"strings"
	"time"

	"rator/replay"
)

// htmlScenario is a scenario of the page.
type htmlScenario struct {
	Number       int
	Name         string
	Description  string
	Outcome      replay.Outcome
	Took         string
	Counts       string
	Error        string
	Bars         []htmlBar // all exchanges on one line
	Exchanges    []htmlExchange
	Unplayed     []htmlUnplayed
	MoreUnplayed int
	Search       string
	Open         bool
}

// htmlBar is a piece of a timeline, in percent of its width.
type htmlBar struct{ Class, X, Width string }

type htmlUnplayed struct{ Step, Why string }

type htmlExchange struct {
	Step, Operation string
	Outcome         replay.Outcome
	Answer          string
	Latency         string
	Repeated        string
	Bar             htmlBar
	Error           string
	Differences     []htmlDifference
	MoreDifferences int
	Sides           *sides
	Replaced        []htmlReplaced
	Request         string
	Cut             string // what is said of an exchange without sides
}

// Detail reports whether there is more to tell than a row can.
func (x *htmlExchange) Detail() bool {
	return x.Error != "" || len(x.Differences) > 0 || x.Sides != nil
}

type htmlDifference struct {
	Path, Text, Place, Want, Got string
}

type htmlReplaced struct{ Recorded, Live, Why string }

const (
	maxHTMLDifferences = 50
	maxReplaced        = 50
	maxNotPlayed       = 50
	maxRequest         = 8 << 10 // bytes
	maxBars            = 250
	maxOpen            = 30 // scenarios that are open to begin with
)

func (h *HTML) scenario(r *replay.Result) *htmlScenario {
	s := &htmlScenario{
		Number: h.played, Name: visible(r.Scenario.Name), Description: visibleLines(r.Scenario.Config.Description),
		Outcome: r.Outcome(), Took: brief(r.Took), Bars: timeline(r),
	}
	if r.Err != nil && unfinished(r) == "" && !failedAlready(r) {
		s.Error = visibleLines(r.Err.Error())
	}
	length := timelineLength(r)
	counts := map[replay.Outcome]int{}
	played, unplayed := parted(r)
	for _, x := range played {
		counts[x.Outcome]++
		s.Exchanges = append(s.Exchanges, h.exchange(r, x, length))
	}
	s.Counts = count(len(r.Exchanges), "exchange")
	for _, o := range []replay.Outcome{replay.Different, replay.Failed} {
		if n := counts[o]; n > 0 {
			s.Counts += fmt.Sprintf(", %d %s", n, o)
		}
	}
	if n := len(unplayed); n > 0 {
		s.Counts += fmt.Sprintf(", %d not played", n)
	}
	for _, x := range unplayed[:min(len(unplayed), maxNotPlayed)] {
		s.Unplayed = append(s.Unplayed, htmlUnplayed{visible(x.Step.Label()), visible(x.Why)})
	}
	s.MoreUnplayed = len(unplayed) - len(s.Unplayed)
	s.Search = searchText(s)
	if s.Outcome != replay.Equal && h.opened < maxOpen {
		s.Open = true
		h.opened++
	}
	return s
}

// searchText is what the search looks through: the names, each once.
func searchText(s *htmlScenario) string {
	seen := map[string]bool{}
	words := []string{strings.ToLower(s.Name)}
	for i := range s.Exchanges {
		for _, w := range []string{s.Exchanges[i].Step, s.Exchanges[i].Operation} {
			if w = strings.ToLower(w); !seen[w] && len(words) < 100 {
				seen[w] = true
				words = append(words, w)
			}
		}
	}
	return strings.Join(words, " ")
}

func (h *HTML) exchange(r *replay.Result, x *replay.Exchange, length time.Duration) htmlExchange {
	e := htmlExchange{
		Step: visible(x.Step.Label()), Operation: visible(x.Operation), Outcome: x.Outcome,
		Latency: brief(average(&x.Latency)), Repeated: strings.TrimSpace(repetitions(&x.Latency)),
		Bar: barOf(x, length),
	}
	switch {
	case x.ErrorCode != 0:
		e.Answer = fmt.Sprintf("error %d", x.ErrorCode)
	case x.Status != 0:
		e.Answer = fmt.Sprint(x.Status)
	}
	if x.Err != nil {
		e.Error = visibleLines(x.Err.Error())
	}
	for i := range x.Differences {
		if i == maxHTMLDifferences {
			e.MoreDifferences = len(x.Differences) - i
			break
		}
		d := &x.Differences[i]
		want, got := inWords(d, 400)
		e.Differences = append(e.Differences, htmlDifference{
			Path: visible(d.Path), Text: kindText(d.Kind), Place: visible(place(r.Scenario, &x.Step, d)),
			Want: want, Got: got,
		})
	}
	if x.Outcome == replay.Equal {
		return e
	}
	for i := range x.Replaced {
		if i == maxReplaced {
			e.Replaced = append(e.Replaced, htmlReplaced{Why: fmt.Sprintf("and %d more", len(x.Replaced)-i)})
			break
		}
		p := &x.Replaced[i]
		e.Replaced = append(e.Replaced, htmlReplaced{visible(cut(p.Recorded, 100)), visible(cut(live(p), 100)), visible(p.Why)})
	}
	if h.sides == maxSides {
		e.Cut = fmt.Sprintf("Only the first %d exchanges are shown side by side.", maxSides)
		return e
	}
	h.sides++
	if len(x.Differences) > 0 {
		e.Sides = sidesOf(x, x.Got)
	}
	e.Request = laidOut(x.Sent)
	return e
}

// laidOut is a body to be read.
func laidOut(body []byte) string {
	note := ""
	if len(body) > maxRequest {
		note = fmt.Sprintf("\n… (%d bytes more)", len(body)-maxRequest)
		body = body[:runeStartBytes(body, maxRequest)]
	}
	var b strings.Builder
	for _, l := range layout(body) {
		b.WriteString(strings.Repeat("  ", l.Depth) + visible(l.Text) + "\n")
	}
	return strings.TrimRight(b.String(), "\n") + note
}

// timelineLength is how long the scenario's timeline is: what it took, or with
// --repeat what its first playing took, for each exchange begins then.
func timelineLength(r *replay.Result) time.Duration {
	length, repeated := time.Duration(1), false
	for i := range r.Exchanges {
		x := &r.Exchanges[i]
		length = max(length, x.Started+average(&x.Latency))
		repeated = repeated || x.Latency.Count > 1
	}
	if repeated {
		return length
	}
	return max(length, r.Took)
}

// barOf is an exchange on its scenario's timeline; never so small that it is not
// seen.
func barOf(x *replay.Exchange, length time.Duration) htmlBar {
	from := 100 * float64(x.Started) / float64(length)
	width := max(100*float64(average(&x.Latency))/float64(length), 0.6)
	return htmlBar{string(x.Outcome), fmt.Sprintf("%.2f", min(max(from, 0), 99.4)), fmt.Sprintf("%.2f", min(width, 100))}
}

// timeline is all exchanges on one line: of many in one place, the worst.
func timeline(r *replay.Result) []htmlBar {
	length := timelineLength(r)
	played, _ := parted(r)
	if len(played) <= maxBars {
		bars := make([]htmlBar, len(played))
		for i, x := range played {
			bars[i] = barOf(x, length)
		}
		return bars
	}
	rank := map[replay.Outcome]int{replay.Equal: 1, replay.Different: 2, replay.Failed: 3}
	var slots [maxBars]replay.Outcome
	for _, x := range played {
		slot := min(max(int(float64(maxBars)*float64(x.Started)/float64(length)), 0), maxBars-1)
		if rank[x.Outcome] > rank[slots[slot]] {
			slots[slot] = x.Outcome
		}
	}
	var bars []htmlBar
	for i, o := range slots {
		if o != "" {
			bars = append(bars, htmlBar{string(o), percent(i, maxBars), percent(1, maxBars)})
		}
	}
	return bars
}
