package replay

import (
	"context"
	"fmt"
	"regexp"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// Proposal is a place whose value differed between two playings of the same
// scenario: what an ignore rule would leave out.
type Proposal struct {
	Scenario *fixture.Scenario
	Step     fixture.Step // where it was seen first
	// Operation is that of the step.
	Operation string
	Pattern   string // for ignore in scenario.toml
	First     string // what the two playings answered
	Second    string
	Times     int // in how many places of the scenario
}

// Relearn plays each scenario twice and says what differed between the two, other
// than ids and what is ignored or volatile already. What is expected does not
// count. Nothing is told to the sink.
func (p *Player) Relearn(ctx context.Context, scenarios []*fixture.Scenario) ([]Proposal, error) {
	if err := p.check(scenarios); err != nil {
		return nil, err
	}
	var all []Proposal
	for _, s := range scenarios {
		var runs [2]*playing
		for n := range runs {
			runs[n] = &playing{Player: p, scenario: s, repetition: n + 1, total: newTotals("", 0)}
			r := runs[n].play(ctx)
			if err := learnable(r); err != nil {
				return all, fmt.Errorf("%s: playing %d: %w", s.Name, n+1, err)
			}
		}
		found, err := runs[0].unlike(runs[1])
		if err != nil {
			return all, fmt.Errorf("%s: %w", s.Name, err)
		}
		all = append(all, found...)
	}
	return all, nil
}

// learnable is why a playing teaches nothing: of a part of the scenario, rules that hold
// for refusals and not for answers would be learned.
func learnable(r *Result) error {
	if r.Err != nil {
		return r.Err
	}
	for i := range r.Exchanges {
		switch x := &r.Exchanges[i]; x.Outcome {
		case Failed:
			return fmt.Errorf("%s: %w", x.Step.Label(), x.Err)
		case NotPlayed:
			return fmt.Errorf("%s: not played, %s", x.Step.Label(), x.Why)
		}
	}
	return nil
}

// unlike compares the answers of two playings.
func (p *playing) unlike(second *playing) ([]Proposal, error) {
	var found []Proposal
	at := map[string]int{}
	var ids compare.IDs
	for i := range p.scenario.Steps {
		step := &p.scenario.Steps[i]
		a, b := p.known.answers[step.Number], second.known.answers[step.Number]
		if step.Do != "" || a == nil || b == nil {
			continue
		}
		differences, err := compare.Answers(escaped(a.body), b.body, &compare.Options{Contract: a.contract, Ignore: p.rules.ignore, IDs: &ids})
		if err != nil {
			continue // no XML: there is no rule for it
		}
		if first, then := compare.Operation(a.body), compare.Operation(b.body); first != then {
			return nil, fmt.Errorf("%s: answered with %s, then with %s; what is to be learned from must go the same way twice", step.Label(), first, then)
		}
		for _, d := range differences {
			if d.Path == "return/errorCode" {
				return nil, fmt.Errorf("%s: answered with errorCode %s, then %s; what is to be learned from must go the same way twice", step.Label(), d.Want, d.Got)
			}
			pattern := anyItem.ReplaceAllString(d.Path, "")
			n, known := at[pattern]
			if !known {
				n = len(found)
				at[pattern] = n
				found = append(found, Proposal{Scenario: p.scenario, Step: *step, Operation: a.operation, Pattern: pattern, First: d.Want, Second: d.Got})
			}
			found[n].Times++
		}
	}
	return found, nil
}

// anyItem are the indexes of a path.
var anyItem = regexp.MustCompile(`\[\d+\]`)

func escaped(body []byte) []byte { return []byte(fixture.Escape(string(body))) }
