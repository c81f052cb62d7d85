package dialect

import (
	"net/http"
	"slices"
	"strings"
)

// Dialect is a version of the API: its base paths, resources, and the rules in
// which it differs (tmf-customer.md 0.1).
type Dialect struct {
	Name      string
	Bases     []Base // the first is the usual one
	Resources []*Resource
	MediaType string // of answers

	PatchStatus   int      // of a PATCH that was done
	DeleteType    string   // Content-Type of the empty answer to a DELETE; "": none
	PartialStatus int      // of a list of which offset and limit left something out
	Put           bool     // a resource may be replaced
	Typed         bool     // answers have the types of the tables, whatever was written; else its literals
	Selected      []string // attributes that every selection with ?fields has
}

// Base is a path under which a dialect is served.
type Base struct {
	Path string
	// OldErrors adds the members of the reference implementation of 2015 to error
	// bodies (tmf-customer.md 5).
	OldErrors bool
}

// Roots are the paths below which nobody but TM Forum clients ask: every base path
// is below one.
var Roots = []string{"/customerManagement", "/DSCustomerManagement", "/tmf-api", "/api/customerManagement"}

// Resource is what a dialect offers under one path.
type Resource struct {
	Name   string // in paths, and the key under "event" in notifications
	Shape  *Shape
	Events Events
}

// Events are the eventTypes of a resource. State is for an update that changed
// the status; the 2014 dialect has one name for all updates.
type Events struct{ Create, Update, State, Delete string }

func (e Events) Names() []string { return []string{e.Create, e.Update, e.State, e.Delete} }

func (e Events) Has(name string) bool { return slices.Contains(e.Names(), name) }

// All are those that are served.
var All = []*Dialect{V2014, V3, V4}

var V2014 = &Dialect{
	Name: "2014",
	Bases: []Base{
		{Path: "/customerManagement"},
		{Path: "/customerManagement/v1"},
		{Path: "/customerManagement/v2"},
		{Path: "/DSCustomerManagement/api/customerManagement/v2", OldErrors: true},
	},
	Resources: []*Resource{
		{Name: "customer", Shape: customer2014, Events: notifications("Customer")},
		{Name: "customerAccount", Shape: account2014, Events: notifications("CustomerAccount")},
		{Name: "paymentMean", Shape: paymentMean2014, Events: notifications("PaymentMean")},
	},
	MediaType:     "application/json",
	PatchStatus:   http.StatusOK,
	PartialStatus: http.StatusPartialContent,
	Put:           true,
	Selected:      []string{"id"},
}

var V3 = &Dialect{
	Name:  "v3",
	Bases: []Base{{Path: "/tmf-api/customerManagement/v3"}, {Path: "/api/customerManagement/v3"}},
	Resources: []*Resource{{Name: "customer", Shape: customerV3, Events: Events{
		Create: "CustomerCreationNotification", Update: "CustomerAttributeValueChangeNotification",
		State: "CustomerStateChangeNotification", Delete: "CustomerRemoveNotification",
	}}},
	MediaType:     "application/json",
	PatchStatus:   http.StatusCreated,
	DeleteType:    "application/json",
	PartialStatus: http.StatusPartialContent,
	Put:           true,
	Typed:         true,
}

var V4 = &Dialect{
	Name:  "v4",
	Bases: []Base{{Path: "/tmf-api/customerManagement/v4"}, {Path: "/api/customerManagement/v4"}},
	Resources: []*Resource{{Name: "customer", Shape: customerV4, Events: Events{
		Create: "CustomerCreateEvent", Update: "CustomerAttributeValueChangeEvent",
		State: "CustomerStateChangeEvent", Delete: "CustomerDeleteEvent",
	}}},
	MediaType:     "application/json;charset=utf-8",
	PatchStatus:   http.StatusOK,
	PartialStatus: http.StatusOK,
	Typed:         true,
	Selected:      []string{"id", "href"},
}

func notifications(of string) Events {
	update := of + "UpdateNotification"
	return Events{Create: of + "CreateNotification", Update: update, State: update, Delete: of + "DeleteNotification"}
}

// Resource finds one by its name in paths.
func (d *Dialect) Resource(name string) *Resource {
	for _, r := range d.Resources {
		if r.Name == name {
			return r
		}
	}
	return nil
}

// Of finds who serves a path, and what of the path is below the base: ""
// or something that starts with a slash. The longest base counts, because
// /customerManagement/v1 is below /customerManagement.
func Of(path string) (d *Dialect, base Base, rest string) {
	for _, candidate := range All {
		for _, b := range candidate.Bases {
			below, found := strings.CutPrefix(path, b.Path)
			if found && (below == "" || below[0] == '/') && len(b.Path) > len(base.Path) {
				d, base, rest = candidate, b, below
			}
		}
	}
	return d, base, rest
}
