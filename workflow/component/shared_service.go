package component

import (
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

const sharedServiceArea = "Shared service"

func init() {
	register(Component{
		Name: "share_service", Area: sharedServiceArea,
		Desc: "Share a service with each object that TARGETS names: SUBSCRIPTION_ID, BILLING_GROUP_ID, ACCOUNT_ID. SHARED_SERVICE_ID is the service's id, or its subscription's.",
		In:   []Param{mandatory("SHARED_SERVICE_ID"), below("TARGETS")},
		Out:  []string{"ID", "SUBSCRIPTION_ID"},
		Fails: []*failure.Code{customer.UnknownSharedService, customer.NoTargetObject, customer.UnknownSubscription, customer.UnknownBillingGroup, customer.UnknownAccount,
			customer.WrongAccount, customer.WrongState, customer.AlreadySharedServiceMember, customer.SharedWithItself},
		Run: shareService,
	})
	register(Component{
		Name: "shared_service_members", Area: sharedServiceArea, Reads: true,
		Desc:  "A shared service and who shares it now: MEMBERS, a list of SHARED_SERVICE_MEMBER.",
		In:    []Param{mandatory("SHARED_SERVICE_ID")},
		Out:   []string{"SERVICE", "MEMBERS"},
		Fails: []*failure.Code{customer.UnknownSharedService},
		Run:   sharedServiceMembers,
	})
}

func shareService(c *Call, in value.Tree) (value.Tree, error) {
	id, err := idOf(in, "SHARED_SERVICE_ID")
	if err != nil {
		return nil, err
	}
	var with customer.Targets
	if err := idsOf(in.Items("TARGETS"), map[string]*store.ID{
		"SUBSCRIPTION_ID": &with.Subscription, "BILLING_GROUP_ID": &with.BillingGroup, "ACCOUNT_ID": &with.Account,
	}); err != nil {
		return nil, err
	}
	s, err := customer.ShareService(c.Tx, c.Brand, id, with)
	if err != nil {
		return nil, err
	}
	for _, touched := range []store.ID{s.ID, with.Subscription, with.BillingGroup, with.Account} {
		c.touch(touched)
	}
	return append(onlyID(s.ID), value.OfString("SUBSCRIPTION_ID", s.Subscription.String())), nil
}

func sharedServiceMembers(c *Call, in value.Tree) (value.Tree, error) {
	id, err := idOf(in, "SHARED_SERVICE_ID")
	if err != nil {
		return nil, err
	}
	s, err := customer.SharedServiceByID(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	c.touch(s.ID)
	all, err := customer.MembersOf(c.Tx, s)
	if err != nil {
		return nil, err
	}
	members := make(value.Tree, 0, len(all))
	for _, m := range all {
		members = append(members, value.Of("SHARED_SERVICE_MEMBER", memberView(m)...))
	}
	service, err := withNumber(c, s, append(identified(s.ID, s), value.OfString("SUBSCRIPTION_ID", s.Subscription.String())))
	if err != nil {
		return nil, err
	}
	return value.Tree{value.Of("SERVICE", service...), value.Of("MEMBERS", members...)}, nil
}

// memberView has each key of TARGET_OBJECTS, the one that is meant with its id.
func memberView(m *customer.SharedServiceMember) value.Tree {
	t := view(m)
	for _, target := range []struct {
		key  string
		kind customer.TargetType
	}{
		{"SUBSCRIPTION_ID", customer.SubscriptionTarget}, {"BILLING_GROUP_ID", customer.BillingGroupTarget}, {"ACCOUNT_ID", customer.AccountTarget},
	} {
		id := ""
		if m.Type == target.kind {
			id = m.Target.String()
		}
		t = append(t, value.OfString(target.key, id))
	}
	return t
}
