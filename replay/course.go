package replay

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// Course is a scenario that is played over and over, by many at a time, for how long its
// answers take: its files are read once and kept, its request ids are made anew in each
// playing, and an answer is looked at only where later requests take something of it.
type Course struct {
	player   *Player
	scenario *fixture.Scenario
	kept     *kept // all of its exchanges; nothing is written to it any more
	rules    rules
	gives    map[*fixture.Step]bool // steps of whose answers later requests take something
}

// Courses makes scenarios ready. Of the player's settings Target and Variables count.
// The error joins mistakes in the fixtures, of kind *fixture.Error; what cannot be read
// is another.
func (p *Player) Courses(scenarios []*fixture.Scenario) ([]*Course, error) {
	var mistakes []error
	for _, s := range scenarios {
		for i := range s.Steps {
			if deed := s.Steps[i].Do; deed != "" {
				mistakes = append(mistakes, &fixture.Error{File: s.File(deed), Message: "what happens beside the calls is not done at an endpoint; name folders without .do files"})
			}
		}
	}
	if mistakes != nil {
		return nil, errors.Join(mistakes...)
	}
	if err := p.check(scenarios); err != nil {
		return nil, err
	}
	courses := make([]*Course, 0, len(scenarios))
	for _, s := range scenarios {
		c := &Course{player: p, scenario: s, kept: &kept{exchanges: map[*fixture.Step]*loaded{}}, gives: map[*fixture.Step]bool{}}
		c.rules, _ = readRules(s) // checked
		if err := c.load(); err != nil {
			return nil, err
		}
		courses = append(courses, c)
	}
	return courses, nil
}

// load reads all exchanges and finds out what the playings would find out again.
func (c *Course) load() error {
	fresh := freshIDs{}
	for i := range c.scenario.Steps {
		step := &c.scenario.Steps[i]
		x, err := c.scenario.Load(step)
		if err != nil {
			return err
		}
		fresh.request(&x.Request)
		l := &loaded{Exchange: x}
		if _, _, err := l.named(x.Request.Body); err != nil && x.Request.Text {
			return mistaken(c.scenario.File(step.Request), err)
		}
		c.kept.exchanges[step] = l
	}
	for i := range c.scenario.Steps {
		step := &c.scenario.Steps[i]
		c.gives[step] = c.taken(step, c.later(i))
	}
	return nil
}

// later is all that is sent after a step, and what variables hold that may be put in.
func (c *Course) later(at int) []byte {
	var all [][]byte
	for i := at + 1; i < len(c.scenario.Steps); i++ {
		r := &c.kept.exchanges[&c.scenario.Steps[i]].Request
		all = append(append(all, r.Body, compare.Read(r.Body)), headerTexts(r.Header, r.Target)...)
	}
	if all == nil {
		return nil
	}
	for _, v := range c.scenario.Config.Variables {
		all = append(all, []byte(v))
	}
	return bytes.Join(append(all, []byte(c.rules.path)), []byte("\n"))
}

// taken says that requests take something of a step's answer: an id, the value of a
// volatile key, or what has a name.
func (c *Course) taken(step *fixture.Step, later []byte) bool {
	if later == nil {
		return false
	}
	recorded := c.kept.exchanges[step]
	body := recorded.Response.Body
	for ph := range fixture.Placeholders(string(later)) {
		if number, _, ok := cutStep(ph.Text); ok && number == step.Number {
			return true
		}
	}
	_, captured := compare.Placeholders(body)
	for _, take := range slices.Concat(c.rules.capture[""], c.rules.capture[step.Number]) {
		captured = append(captured, take.Name)
	}
	for _, name := range captured {
		if bytes.Contains(later, []byte("${"+name+"}")) {
			return true
		}
	}
	for _, text := range append(headerTexts(recorded.Response.Header, ""), compare.Read(body)) {
		for id := range compare.IDsIn(text) {
			if bytes.Contains(later, []byte(id)) {
				return true
			}
		}
	}
	if name, ours, err := recorded.named(recorded.Request.Body); err == nil && ours {
		session, err := c.player.Target.Begin(context.Background(), c.scenario)
		if err != nil {
			return true
		}
		defer session.Close()
		for _, v := range compare.Volatile(body, session.Contract(name)) {
			if compare.Holds(later, v) {
				return true
			}
		}
	}
	return false
}

// Steps are the exchanges of one playing of a course, one after the other.
type Steps struct {
	// Skipped counts the exchanges that were not sent, as what they take of an earlier
	// answer did not come.
	Skipped int

	course  *Course
	playing playing
	at      int
}

// Begin begins a playing. number is its ${repetition}, from 1.
func (c *Course) Begin(ctx context.Context, number int) (*Steps, error) {
	s := &Steps{course: c, playing: playing{Player: c.player, scenario: c.scenario, repetition: number, kept: c.kept, rules: c.rules}}
	s.playing.known = newKnown(&s.playing)
	var err error
	s.playing.session, err = c.player.Target.Begin(ctx, c.scenario)
	return s, err
}

// Next sends the next request that can be sent and gives what was answered; nil without
// an error when there is none any more: then the playing is over. With an error, which
// says why no answer came, a has what is known of the request. The next may be sent in
// spite of it, but for one of a context that is done.
func (s *Steps) Next(ctx context.Context) (a *Answer, err error) {
	steps := s.course.scenario.Steps
	for s.at < len(steps) {
		step := &steps[s.at]
		s.at++
		recorded := s.course.kept.exchanges[step]
		x := Exchange{Step: *step, Outcome: Equal}
		a, err := s.playing.ask(ctx, step, recorded, &x)
		var needs *notPlayed
		if errors.As(err, &needs) {
			x.Outcome = NotPlayed
		} else if err != nil {
			x.Outcome = Failed
		}
		if s.course.gives[step] {
			if err == nil && s.playing.learn(a, &x) != nil {
				x.Outcome = Failed
			}
			s.playing.passed(step, recorded, &x, needs)
		}
		switch {
		case needs != nil:
			s.Skipped++
			continue
		case err != nil:
			a = &Answer{Scenario: s.course.scenario, Step: step, Recorded: recorded.Exchange, Operation: x.Operation}
		}
		return a, err
	}
	return nil, s.playing.session.Close()
}
