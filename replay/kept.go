package replay

import (
	"bytes"

	"rator/replay/fixture"
)

// mostKeptBytes is how much of a scenario's files is kept for its repetitions; what
// is beyond it is read each time.
const mostKeptBytes = 8 << 20

// kept is what the repetitions of one scenario would find out again. nil keeps
// nothing: for what is played once, or may be rewritten in between.
type kept struct {
	exchanges map[*fixture.Step]*loaded
	bytes     int
}

// loaded is an exchange with what its request was found to be.
type loaded struct {
	*fixture.Exchange
	operation string // of the request as it is recorded; "" = not known yet
	ours      bool
}

func (p *Player) keep() *kept {
	if p.Repeat < 2 || p.Answered != nil {
		return nil
	}
	return &kept{exchanges: map[*fixture.Step]*loaded{}}
}

// load reads the files of a step, or has read them.
func (k *kept) load(s *fixture.Scenario, step *fixture.Step) (*loaded, error) {
	if k != nil && k.exchanges[step] != nil {
		return k.exchanges[step], nil
	}
	x, err := s.Load(step)
	if err != nil {
		return nil, err
	}
	l := &loaded{Exchange: x}
	if k != nil && k.bytes+len(x.Request.Body)+len(x.Response.Body) <= mostKeptBytes {
		k.bytes += len(x.Request.Body) + len(x.Response.Body)
		k.exchanges[step] = l
	}
	return l, nil
}

// named is what a request of l asks for; the error says why it is no XML.
func (l *loaded) named(body []byte) (name string, ours bool, err error) {
	recorded := bytes.Equal(body, l.Request.Body)
	if recorded && l.operation != "" {
		return l.operation, l.ours, nil
	}
	name, ours, err = operation(body)
	if recorded && err == nil {
		l.operation, l.ours = name, ours
	}
	return name, ours, err
}
