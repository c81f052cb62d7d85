package number

import (
	"context"
	"errors"
	"slices"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// pageOfTaken is how many numbers in use PassTaken goes past in one transaction, and
// longestGap how many free ones in a row.
const pageOfTaken, longestGap = 1000, 1000

// PassTaken has the series of all brands go on behind the numbers that services have: who
// signs up after a load of customers would go past all of them in one transaction. Numbers
// between them that nobody has or holds are given back, free at once. Where more than a
// thousand in a row are free a series goes on with these.
func PassTaken(ctx context.Context, st store.Store) error {
	var series []*catalogue.NumberSeries
	err := st.View(ctx, func(tx store.Tx) error {
		series = nil
		for s, err := range catalogue.NumberSerieses.Scan(tx) {
			if err != nil {
				return err
			}
			series = append(series, s)
		}
		return nil
	})
	for _, s := range series {
		if err == nil {
			err = passTaken(ctx, st, s)
		}
	}
	return err
}

func passTaken(ctx context.Context, st store.Store, s *catalogue.NumberSeries) error {
	for after := []byte(nil); ; {
		var (
			next    string
			numbers []string
		)
		err := st.Rehearse(ctx, func(tx store.Tx) (err error) { // the next number is only looked at
			if next, err = catalogue.NextNumber(tx, s); err == nil {
				numbers, after, err = lines.Page(tx, s.Prefix, after, pageOfTaken)
			}
			return err
		})
		if failure.CodeOf(err) == catalogue.NoFreeNumber {
			return nil
		}
		if err != nil {
			return err
		}
		numbers = slices.DeleteFunc(numbers, func(n string) bool { return !s.Has(n) || n < next })
		gap := false
		if len(numbers) > 0 {
			err = st.Update(ctx, func(tx store.Tx) (err error) {
				gap, err = pass(tx, s, next, numbers)
				return err
			})
		}
		if err != nil || gap || after == nil {
			return err
		}
	}
}

// pass has a series go on behind numbers in use, in order, of which none comes before next,
// until so many between them are free that it goes on with those.
func pass(tx store.Tx, s *catalogue.NumberSeries, next string, numbers []string) (gap bool, err error) {
	at, err := s.Place(next)
	for _, n := range numbers {
		taken, placeErr := s.Place(n)
		if err = errors.Join(err, placeErr); err != nil {
			return false, err
		}
		if taken-at > longestGap {
			gap = true
			break
		}
		for ; at < taken; at++ {
			if err := spare(tx, s, at); err != nil {
				return false, err
			}
		}
		at = taken + 1
	}
	return gap, catalogue.PassNumbers(tx, s, at-1)
}

// spare gives the number at a place back that was never given out, unless somebody has or
// holds it.
func spare(tx store.Tx, s *catalogue.NumberSeries, place int64) error {
	number, err := s.At(place)
	if err != nil {
		return err
	}
	inUse, err := InUse(tx, number)
	if err != nil || inUse {
		return err
	}
	held, heldErr := reservations.Has(tx, byHeldNumber, number)
	back, backErr := returned.Has(tx, byReturned, number)
	if err := errors.Join(heldErr, backErr); err != nil || held || back {
		return err
	}
	return returned.Insert(tx, &Returned{Brand: s.Brand, Series: s.Code, MSISDN: number, Number: number, FreeFrom: tx.Now()})
}
