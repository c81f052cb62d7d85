package catalogue

import "rator/store"

// NumberPolicy says how long a number of a series is kept from others. Embed it.
type NumberPolicy struct {
	ReservationDays int `key:"RESERVATION_DAYS" write:"always"` // that a reservation holds
	QuarantineDays  int `key:"QUARANTINE_DAYS" write:"always"`  // after termination, for whoever had it; 0 = none
}

// What a series has that says nothing of it. Ninety days is what regulators ask
// for, so that callers have forgotten whose the number was.
const (
	defaultReservationDays = 7
	defaultQuarantineDays  = 90
)

// maxNumberDays bounds both: two years.
const maxNumberDays = 731

// Days are how long a number is reserved and in quarantine. A series that was kept
// before there was a policy, and not imported since, has the defaults.
func (p NumberPolicy) Days() (reservation, quarantine int) {
	if p.ReservationDays == 0 {
		return defaultReservationDays, defaultQuarantineDays
	}
	return p.ReservationDays, p.QuarantineDays
}

// complete fills in what the file leaves out.
func (p *NumberPolicy) complete(from *node) {
	if !from.has("reservation_days") {
		p.ReservationDays = defaultReservationDays
	}
	if !from.has("quarantine_days") {
		p.QuarantineDays = defaultQuarantineDays
	}
}

func (p *NumberPolicy) check(c *checker, e *Entry) {
	if p.ReservationDays < 1 || p.ReservationDays > maxNumberDays {
		c.mistake(e, "reservation_days", "reservation_days must be 1 to %d, not %d", maxNumberDays, p.ReservationDays)
	}
	if p.QuarantineDays < 0 || p.QuarantineDays > maxNumberDays {
		c.mistake(e, "quarantine_days", "quarantine_days must be 0 to %d, not %d", maxNumberDays, p.QuarantineDays)
	}
}

// Has reports whether a number, digits only, is of the series.
func (s *NumberSeries) Has(msisdn string) bool {
	first, last := s.Prefix+s.From, s.Prefix+s.To
	return len(msisdn) == len(first) && first <= msisdn && msisdn <= last
}

// NumberSeriesOf finds the series of any brand that a number is of, retired ones
// too; nil when it is of none. What it reads does not grow with their number.
func NumberSeriesOf(tx store.Tx, msisdn string) (*NumberSeries, error) {
	return seriesWith(tx, msisdn, func(*NumberSeries) bool { return true })
}

// HasNumber reports whether a number is inside a series of a brand, retired ones
// too.
func HasNumber(tx store.Tx, brand *Brand, number string) (bool, error) {
	s, err := seriesWith(tx, number, func(s *NumberSeries) bool { return s.Brand == brand.Key })
	return s != nil, err
}

func seriesWith(tx store.Tx, number string, fits func(*NumberSeries) bool) (*NumberSeries, error) {
	for n := 1; n < min(len(number), maxMSISDN+1); n++ {
		for s, err := range NumberSerieses.All(tx, byPrefix, number[:n]) {
			if err != nil {
				return nil, err
			}
			if s.Has(number) && fits(s) {
				return s, nil
			}
		}
	}
	return nil, nil
}
