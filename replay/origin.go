package replay

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/workflow/contract"
)

// origins say which step gave what a scenario's later steps send. A value that a
// recorded answer introduced belongs to the server that was recorded, which may be the
// one that is played against: without a live one it is not sent. What the recording had
// before any answer, such as the id of a customer who is there already, is meant as it is.
type origins struct {
	ids    map[string]string // the number of the step whose answer introduced an id; "" = a request had it first
	values []lost            // of volatile keys, for which nothing came
	names  map[string]string // of captures that took nothing: the step
	ends   map[string]end    // of the steps that were not equal
}

// lost is a recorded value of a volatile key, with the path to it and the step whose
// answer has it.
type lost struct{ value, path, step string }

// end is how a step ended that was not equal.
type end struct {
	played bool
	root   string // the step that is the cause: itself when it was played
}

// notPlayed says why a step was not sent.
type notPlayed struct {
	why   string
	steps []string // that were to give what it needs
}

func (e *notPlayed) Error() string { return "not played, " + e.why }

// missing is why a step is not played that needs what another was to give.
func (o *origins) missing(step, what string) *notPlayed {
	switch end, bad := o.ends[step]; {
	case !bad:
		return &notPlayed{why: fmt.Sprintf("step %s gave nothing for %s", step, what), steps: []string{step}}
	case end.played:
		return &notPlayed{why: fmt.Sprintf("step %s failed: nothing came for %s", step, what), steps: []string{step}}
	default:
		return &notPlayed{why: fmt.Sprintf("step %s failed: step %s, which gives %s, was not played", end.root, step, what), steps: []string{step, end.root}}
	}
}

// needs is why a recorded text cannot be sent; nil when it can.
func (k *known) needs(text []byte) error {
	for id := range compare.IDsIn(text) {
		if step := k.origins.ids[id]; step != "" {
			if _, ok := k.ids.Live(id); !ok {
				return k.origins.missing(step, id)
			}
		}
	}
	for _, v := range k.origins.values {
		if compare.Holds(text, v.value) && !k.ids.Noted(v.value) {
			return k.origins.missing(v.step, v.path)
		}
	}
	return k.veiled(text)
}

// veiled is why a recorded text cannot be sent in which an id is written with references,
// or in pieces: no other is put in there. nil when there is none, or it is the live one.
func (k *known) veiled(text []byte) error {
	read := compare.Read(text)
	if bytes.Equal(read, text) {
		return nil
	}
	seen := map[string]int{}
	for id := range compare.IDsIn(text) {
		seen[id]++
	}
	for id := range compare.IDsIn(read) {
		seen[id]--
		step := k.origins.ids[id]
		if live, ok := k.ids.Live(id); seen[id] >= 0 || step == "" || ok && live == id {
			continue
		}
		return &notPlayed{steps: []string{step}, why: fmt.Sprintf(
			"%s of step %s is written with references or in pieces, where no live id is put in; write it as digits", id, step)}
	}
	return nil
}

// chosen has the ids of a request that the recording had before any answer stand for
// themselves: an answer about another object is not equal, nor is that one asked for next.
func (k *known) chosen(text []byte) {
	for id := range compare.IDsIn(text) {
		if k.origins.ids[id] == "" {
			k.ids.Learn(id, id)
		}
	}
}

// lacks is why nothing stands for ${name}; nil when something does, or nobody was to
// give it.
func (k *known) lacks(name string) error {
	if _, ok := k.value(name); ok {
		return nil
	}
	step, of := k.origins.names[name]
	if number, _, ok := cutStep(name); ok {
		step, of = number, true
	}
	if !of {
		return nil
	}
	return k.origins.missing(step, "${"+name+"}")
}

// expects is why what a step expects is not known; nil when it is. Only what an earlier
// step did not give can be missing.
func (p *playing) expects(step *fixture.Step, recorded *fixture.Exchange) error {
	var names []string
	if recorded.Response.Text {
		names, _ = compare.Placeholders(recorded.Response.Body)
	}
	for i := range p.rules.expect {
		if e := &p.rules.expect[i]; e.Step == "" || e.Step == step.Number {
			for ph := range fixture.Placeholders(e.text()) {
				names = append(names, ph.Text)
			}
		}
	}
	for _, name := range names {
		if err := p.known.lacks(name); err != nil {
			return err
		}
	}
	return nil
}

// passed notes what a step introduced, and what of it did not come.
func (p *playing) passed(step *fixture.Step, recorded *loaded, x *Exchange, needed *notPlayed) {
	o := &p.known.origins
	for _, text := range append(headerTexts(recorded.Request.Header, recorded.Request.Target), recorded.Request.Body, compare.Read(recorded.Request.Body)) {
		for id := range compare.IDsIn(text) {
			o.introduce(id, "")
		}
	}
	for _, text := range append(headerTexts(recorded.Response.Header, ""), recorded.Response.Body, compare.Read(recorded.Response.Body)) {
		for id := range compare.IDsIn(text) {
			o.introduce(id, step.Number)
		}
	}
	switch {
	case needed != nil:
		root := needed.steps[len(needed.steps)-1]
		if end, ok := o.ends[root]; ok {
			root = end.root
		}
		o.ends[step.Number] = end{root: root}
	case x.Outcome != Equal:
		o.ends[step.Number] = end{played: true, root: step.Number}
	case len(p.rules.ignore) == 0:
		return
	default:
		p.unlooked(step, recorded)
	}
	p.losses(step, recorded)
}

// unlooked takes ids that came as they were recorded where nobody looked at them: in what
// is ignored of an answer that is else equal.
func (p *playing) unlooked(step *fixture.Step, recorded *loaded) {
	came := map[string]bool{}
	for id := range compare.IDsIn(p.known.answers[step.Number].body) {
		came[id] = true
	}
	for id := range compare.IDsIn(recorded.Response.Body) {
		if _, ok := p.known.ids.Live(id); !ok && came[id] {
			p.known.ids.Learn(id, id)
		}
	}
}

// losses notes what did not come of a step that was not equal.
func (p *playing) losses(step *fixture.Step, recorded *loaded) {
	o := &p.known.origins
	if _, bad := o.ends[step.Number]; bad {
		_, names := compare.Placeholders(recorded.Response.Body)
		for _, c := range p.rules.capture[step.Number] {
			names = append(names, c.Name)
		}
		for _, name := range names {
			p.known.lose(name, step.Number)
		}
	}
	var c *contract.Contract
	if name, ours, err := recorded.named(recorded.Request.Body); err == nil && ours {
		c = p.session.Contract(name)
	}
	values := compare.Volatile(recorded.Response.Body, c)
	for _, path := range slices.Sorted(maps.Keys(values)) {
		if v := values[path]; !p.known.ids.Noted(v) && !p.before(step, v) {
			o.values = append(o.values, lost{v, path, step.Number})
		}
	}
}

// before says that a value stands in a recorded message before a step's answer.
func (p *playing) before(step *fixture.Step, value string) bool {
	for i := range p.scenario.Steps {
		s := &p.scenario.Steps[i]
		if s.Do != "" {
			continue
		}
		recorded, err := p.kept.load(p.scenario, s)
		if err != nil {
			return false
		}
		if compare.Holds(recorded.Request.Body, value) {
			return true
		}
		if s.Number == step.Number {
			return false
		}
		if compare.Holds(recorded.Response.Body, value) {
			return true
		}
	}
	return false
}

func (o *origins) introduce(id, step string) {
	if _, known := o.ids[id]; !known {
		o.ids[id] = step
	}
}

// lose forgets what a name stands for that a step took no new value for. What --set
// gives stays.
func (k *known) lose(name, step string) {
	if k.taken[name] == step || k.given[name] {
		return
	}
	delete(k.variables, name)
	delete(k.written, name)
	k.origins.names[name] = step
}

// headerTexts are what a head has beside the body.
func headerTexts(header map[string][]string, target string) [][]byte {
	texts := [][]byte{[]byte(target)}
	for _, values := range header {
		for _, v := range values {
			texts = append(texts, []byte(v))
		}
	}
	return texts
}

// text is what of an expectation may hold ${…}.
func (e *expectation) text() string {
	if e.Value != nil {
		return *e.Value
	}
	return e.Contains
}
