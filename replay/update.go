package replay

// needed notes the steps that gave nothing for one that needs it.
func (p *playing) needed(needs *notPlayed) {
	if p.needs == nil {
		p.needs = map[string]bool{}
	}
	for _, number := range needs.steps {
		p.needs[number] = true
	}
}

// update hands on the answers that are to become expectations. Those are kept back from
// which a later step was to take what did not come: the scenario would lose where it
// comes from, and send recorded ids from then on.
func (p *playing) update() error {
	withheld := 0
	for _, a := range p.answers {
		if p.needs[a.Step.Number] {
			withheld++
			continue
		}
		if err := p.Answered(a); err != nil {
			return err
		}
	}
	p.total.withhold(withheld)
	return nil
}
