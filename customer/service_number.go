package customer

import (
	"slices"

	"rator/catalogue"
	"rator/customer/number"
	"rator/failure"
	"rator/store"
)

// Older versions kept a number as the digits that came, so that two could have one
// in two spellings. When a store of theirs is first opened for writing, each is
// read as it would be if it came now, oldest first. Whoever has the number first
// keeps it; the others keep their spelling, and Verify names them. Those that are
// held and given back are number's.

func init() {
	number.HeldBy(lines{})
	services.Fill(func(tx store.Tx, s *Service) (err error) {
		if s.MSISDN == "" || s.Number != "" {
			return nil
		}
		brand := ""
		if a, err := accounts.Get(tx, s.Account); err == nil {
			brand = a.Brand
		} else if failure.CodeOf(err) != UnknownAccount {
			return err
		}
		if s.Number, err = number.Kept(tx, brand, s.MSISDN); err == nil && s.State != Terminated {
			s.Shared, err = services.Has(tx, byLineNumber, s.Number)
		}
		return err
	})
}

// lines are the services, for who asks them who has a number.
type lines struct{}

// line is a service, and the account whose it is.
type line struct {
	*Service
	account *Account
}

func (l line) PhoneNumber() string          { return l.Number }
func (l line) SharedNumber() (string, bool) { return l.MSISDN, l.Shared }

func (lines) InUse(tx store.Tx, number string) (bool, error) {
	return services.Has(tx, byLineNumber, number)
}

func (lines) AheadInUse(a *store.Ahead, number string) { services.AheadBy(a, byLineNumber, number) }

func (lines) Page(tx store.Tx, prefix string, after []byte, limit int) (numbers []string, next []byte, err error) {
	page, next, err := services.Page(tx, byLineNumber, prefix, after, limit)
	for _, s := range page {
		numbers = append(numbers, s.Number)
	}
	return numbers, next, err
}

func (lines) At(tx store.Tx, brand *catalogue.Brand, place string) (number.Line, error) {
	s, err := services.By(tx, byLineNumber, place)
	if failure.CodeOf(err) == UnknownService {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	a, err := accounts.Get(tx, s.Account)
	if err != nil || a.Brand != brand.Key {
		return nil, err
	}
	return line{s, a}, nil
}

func (lines) StayWith(tx store.Tx, number string) (bool, error) {
	if _, err := services.By(tx, byLineNumber, number); failure.CodeOf(err) != UnknownService {
		return true, err
	}
	heir, err := services.By(tx, byShared, number)
	switch {
	case err == nil:
		heir.Shared = false
		return true, services.Put(tx, heir)
	case failure.CodeOf(err) == UnknownService:
		return false, nil
	}
	return false, err
}

func (lines) ServiceExists(tx store.Tx, id store.ID) error {
	_, err := services.Get(tx, id)
	return err
}

func (lines) SubscriptionExists(tx store.Tx, id store.ID) error {
	_, err := subscriptions.Get(tx, id)
	return err
}

// lineByNumber finds the service of a brand that is not TERMINATED by its number,
// with its account. It fails with UNKNOWN_SERVICE, and as number.Read does.
func lineByNumber(tx store.Tx, brand *catalogue.Brand, key, text string) (*Service, *Account, error) {
	found, digits, err := number.Owner(tx, brand, key, text)
	if err != nil {
		return nil, nil, err
	}
	l, ok := found.(line)
	if !ok {
		return nil, nil, UnknownService.With("%s", digits)
	}
	return l.Service, l.account, nil
}

// WriteMSISDN is the number of a service as answers of its brand write it: one that
// shares its number keeps its spelling.
func (s *Service) WriteMSISDN(tx store.Tx, brand *catalogue.Brand) (string, error) {
	if s.Shared {
		return s.MSISDN, nil
	}
	return number.Write(tx, brand, s.Number)
}

// returnNumbers gives the numbers of a subscription that ended back, into the
// quarantine of their series.
func returnNumbers(tx store.Tx, sub *Subscription) error {
	return eachNumber(tx, sub, func(phone string) error { return number.Quarantine(tx, phone, sub.ID) })
}

// reclaimNumbers takes the numbers of a subscription that lives again out of
// quarantine.
func reclaimNumbers(tx store.Tx, sub *Subscription) error {
	return eachNumber(tx, sub, func(phone string) error { return number.Claim(tx, phone, number.Claimant{Subscription: sub.ID}) })
}

// Returned are the numbers that lines of the customer gave back and that nobody has got
// since, oldest first.
func (w *Whole) Returned(tx store.Tx) ([]*number.Returned, error) {
	var ended []number.Ended
	for _, s := range w.Services {
		if s.State == Terminated && s.Number != "" {
			ended = append(ended, number.Ended{Number: s.Number, Subscription: s.Subscription})
		}
	}
	return number.ReturnedOf(tx, ended)
}

// Reservations are those that lines of the customer got their numbers by, oldest first.
func (w *Whole) Reservations(tx store.Tx) ([]*number.Reservation, error) {
	var ids []store.ID
	for _, s := range w.Services {
		if id := s.reservation(); id != 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	all, err := number.ReservationsByID(tx, ids)
	return slices.DeleteFunc(all, func(r *number.Reservation) bool { return find(w.Services, r.Service) == nil }), err
}

// reservation is the id of that by which a service got its number; 0 for none, and for one
// of another system.
func (s *Service) reservation() store.ID {
	id, err := store.ParseID(s.ReservationID)
	if err != nil {
		return 0
	}
	return id
}

func eachNumber(tx store.Tx, sub *Subscription, do func(phone string) error) error {
	all, err := servicesOf(tx, sub.ID)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Number == "" {
			continue
		}
		if err := do(s.Number); err != nil {
			return err
		}
	}
	return nil
}
