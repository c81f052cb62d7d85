package catalogue

// same reports whether two prices differ in nothing but their first day.
func (p Price) same(q Price) bool {
	return p.Initial.Equal(q.Initial) && p.Recurrent.Equal(q.Recurrent) && p.Per == q.Per
}

// terms are the option's prices by the day.
func (o *Option) terms() []term[Price] {
	terms := []term[Price]{{"", o.firstPrice()}}
	for _, p := range o.Prices {
		terms = append(terms, term[Price]{p.ValidFrom, p.price()})
	}
	return terms
}

// follow keeps the prices of the days that are over. Prices to which the file gives a
// day hold from that day; the one without holds from the day of the import, until the
// first of them. A file that gives only the price which is the last kept already, be
// it of a day to come, changes nothing; an option that is new has the file's prices. When the file gives a day that is over, or
// one before which the price without a day would never hold, then it has to say what
// is kept: else it fails with CATALOGUE_PAST_CHANGED.
func (o *Option) follow(old *Option, s schedule) error {
	if old == nil {
		o.setTerms(joined(o.terms()))
		return nil
	}
	kept, said := old.terms(), o.terms()
	start := s.from
	switch {
	case len(said) > 1 && said[1].from <= s.from:
		if day, wrong := denied(kept, said, said[1].from, s.today); wrong {
			return o.deny(kept, said, day)
		}
		start = max(s.today, said[1].from)
	case len(said) == 1 && !s.asked && said[0].is.same(kept[len(kept)-1].is):
		said, start = kept, s.today
	}
	o.setTerms(spliced(kept, said, start))
	return nil
}

func (o *Option) deny(kept, said []term[Price], day string) error {
	if day == "" {
		first := said[1].from
		early := before(kept, first)
		return PastChanged.With("%s of brand %s costs %s on the day before %s, the file says %s; keep what `rator catalogue export` writes and add prices of days to come",
			o.OptionKey, o.Brand, early[len(early)-1].is, first, said[0].is)
	}
	return PastChanged.With("%s of brand %s costs %s on %s, the file says %s; keep what `rator catalogue export` writes and add prices of days to come",
		o.OptionKey, o.Brand, termOn(kept, day), day, termOn(said, day))
}

// String is the price for people: "50 once and 310 a month".
func (p Price) String() string {
	return p.Initial.String() + " once and " + p.Recurrent.String() + " a " + string(perOf[p.Per])
}

// setTerms keeps prices by the day, in a list of its own: the file may be imported again.
func (o *Option) setTerms(terms []term[Price]) {
	o.InitialPrice, o.RecurrentPrice, o.Per, o.Prices = terms[0].is.Initial, terms[0].is.Recurrent, perOf[terms[0].is.Per], nil
	if o.Per == perCycle {
		o.Per = ""
	}
	for _, t := range terms[1:] {
		o.Prices = append(o.Prices, &DatedPrice{ValidFrom: t.from, InitialPrice: t.is.Initial, RecurrentPrice: t.is.Recurrent, Per: perOf[t.is.Per]})
	}
}
