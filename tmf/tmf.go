// Package tmf is the face that speaks TM Forum Customer Management over REST, in
// the three dialects that integrators meet (tmf-customer.md): the 2014 version
// with customer, customerAccount and paymentMean, v3 (R18) and v4 with customer
// only. The base path says which.
//
// What a resource looks like is written once, in the tables of tmf/dialect.
//
// A document is a jsondoc.Value: JSON that keeps the order and the literals it
// was written with, unknown members included. What documents mean to the business
// is behind Collection, one for each resource of a dialect.
package tmf
