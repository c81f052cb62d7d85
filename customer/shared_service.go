package customer

import (
	"slices"
	"time"

	"rator/catalogue"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// SharedServiceMember says that a subscription, the subscriptions of a billing
// group, or those of the whole account share a service for a time (rator-api.md
// 2.7, 5.3). A shared service is one of another type than its product's phone
// line, the first of its service types.
type SharedServiceMember struct {
	Part
	Service store.ID
	Type    TargetType `key:"TYPE"`
	Target  store.ID
	From    time.Time `key:"START_DATE"`
	Until   time.Time `key:"END_DATE" out:"-"` // zero while it shares
}

// TargetType says what kind of object a shared service is shared with.
type TargetType string

// The target types.
const (
	SubscriptionTarget TargetType = "SUBSCRIPTION"
	BillingGroupTarget TargetType = "BILLING_GROUP"
	AccountTarget      TargetType = "ACCOUNT"
)

// Values are all target types, for who reads one from outside.
func (TargetType) Values() []string {
	return []string{string(SubscriptionTarget), string(BillingGroupTarget), string(AccountTarget)}
}

const (
	byService = "service"
	byTarget  = "target"
)

var sharedServiceMembers = define[SharedServiceMember]("shared_service_member", UnknownSharedServiceMember,
	store.Index[SharedServiceMember]{Name: byOpen, Value: func(m *SharedServiceMember) string {
		if !m.open() {
			return ""
		}
		return store.Compose(m.Service.String(), m.Target.String())
	}, Taken: AlreadySharedServiceMember},
	store.Index[SharedServiceMember]{Name: byService, Value: func(m *SharedServiceMember) string { return m.Service.String() }},
	store.Index[SharedServiceMember]{Name: byTarget, Value: func(m *SharedServiceMember) string { return m.Target.String() }})

// Open reports whether the member shares the service now.
func (m *SharedServiceMember) open() bool { return m.Until.IsZero() }

// Targets are what to share a service with (TARGET_OBJECTS); each that is not 0.
type Targets struct {
	Subscription store.ID `json:"SUBSCRIPTION_ID,omitempty"`
	BillingGroup store.ID `json:"BILLING_GROUP_ID,omitempty"`
	Account      store.ID `json:"ACCOUNT_ID,omitempty"`
}

// SharedServiceByID finds a shared service of the brand by its own id or, as
// clients see no other, by that of its subscription. Else it fails with
// UNKNOWN_SHARED_SERVICE.
func SharedServiceByID(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Service, error) {
	sub, _, err := subscriptions.in(tx, brand, id)
	switch {
	case failure.CodeOf(err) == UnknownSubscription:
		s, _, err := services.in(tx, brand, id)
		if err != nil {
			return nil, unknownShared(err, id)
		}
		if sub, err = subscriptions.Get(tx, s.Subscription); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	}
	product, err := catalogue.ProductConfigByCode(tx, brand, sub.ProductCode)
	if err != nil {
		return nil, err
	}
	lines, err := servicesOf(tx, sub.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(lines, func(s *Service) bool {
		return (s.ID == id || sub.ID == id) && s.Code != product.ServiceTypes[0]
	})
	if i < 0 {
		return nil, UnknownSharedService.With("%s", id)
	}
	return lines[i], nil
}

// ShareService shares a service with objects of its account. It fails with
// UNKNOWN_SHARED_SERVICE, NO_TARGET_OBJECT, WRONG_ACCOUNT,
// ALREADY_SHARED_SERVICE_MEMBER, SHARED_WITH_ITSELF, and with WRONG_STATE when the
// service or a subscription to share it with is TERMINATED.
func ShareService(tx store.Tx, brand *catalogue.Brand, id store.ID, with Targets) (*Service, error) {
	s, err := SharedServiceByID(tx, brand, id)
	if err != nil {
		return nil, err
	}
	a, err := openAccount(tx, brand, s.Account)
	if err != nil {
		return nil, err
	}
	if s.State == Terminated {
		return nil, s.State.refuses(ofService, s.ID, "be shared")
	}
	if with == (Targets{}) {
		return nil, NoTargetObject.Error()
	}
	if err := with.check(tx, brand, a, s); err != nil {
		return nil, err
	}
	for _, t := range []struct {
		kind TargetType
		id   store.ID
	}{{SubscriptionTarget, with.Subscription}, {BillingGroupTarget, with.BillingGroup}, {AccountTarget, with.Account}} {
		if t.id == 0 {
			continue
		}
		m := &SharedServiceMember{Part: Part{Account: a.ID}, Service: s.ID, Type: t.kind, Target: t.id, From: tx.Now()}
		if err := sharedServiceMembers.Insert(tx, m); err != nil {
			return nil, err
		}
	}
	return s, serviceShared.Emit(tx, of(brand, a.ID), event.ID("SERVICE_ID", s.ID), event.JSON("TARGET_OBJECTS", with))
}

// check sees to it that the targets are of the account and can share s.
func (w Targets) check(tx store.Tx, brand *catalogue.Brand, a *Account, s *Service) error {
	if w.Subscription != 0 {
		sub, err := subscriptions.of(tx, brand, a, w.Subscription)
		switch {
		case err != nil:
			return err
		case sub.ID == s.Subscription:
			return SharedWithItself.With("%s", sub.ID)
		case sub.State == Terminated:
			return sub.State.refuses(ofSubscription, sub.ID, "share a service")
		}
	}
	if w.BillingGroup != 0 {
		if _, err := billingGroups.of(tx, brand, a, w.BillingGroup); err != nil {
			return err
		}
	}
	if w.Account != 0 && w.Account != a.ID {
		if _, err := AccountByID(tx, brand, w.Account); err != nil {
			return err
		}
		return WrongAccount.With("service %s is not of account %s", s.ID, w.Account)
	}
	return nil
}

// MembersOf gives who shares a service now, oldest first.
func MembersOf(tx store.Tx, s *Service) ([]*SharedServiceMember, error) {
	all, err := collect(tx, sharedServiceMembers.Kind, byService, s.ID.String())
	return slices.DeleteFunc(all, func(m *SharedServiceMember) bool { return !m.open() }), err
}

// sharesOf gives the sharing of a subscription's services, and of those it shares.
func sharesOf(tx store.Tx, sub *Subscription) ([]*SharedServiceMember, error) {
	shares, err := collect(tx, sharedServiceMembers.Kind, byTarget, sub.ID.String())
	if err != nil {
		return nil, err
	}
	lines, err := servicesOf(tx, sub.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range lines {
		members, err := collect(tx, sharedServiceMembers.Kind, byService, s.ID.String())
		if err != nil {
			return nil, err
		}
		shares = append(shares, members...)
	}
	return shares, nil
}

// unknownShared tells of a service that is not there as of a shared one.
func unknownShared(err error, id store.ID) error {
	if failure.CodeOf(err) == UnknownService {
		return UnknownSharedService.With("%s", id)
	}
	return err
}
