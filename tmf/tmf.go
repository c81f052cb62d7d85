// Package tmf is the face that speaks TM Forum Customer Management over REST, in
// the three dialects that integrators meet (tmf-customer.md): the 2014 version
// with customer, customerAccount and paymentMean, v3 (R18) and v4 with customer
// only. The base path says which.
//
// Here is its HTTP and nothing else: routes, media types, conditions, paging, kept
// answers, errors. What a resource looks like is written once, in the tables of
// tmf/dialect; what it means to the business is behind the Collections of tmf/resource;
// tmf/hub tells listeners of it, and tmf/openapi publishes it.
package tmf
