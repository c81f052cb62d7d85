// Package query is the language of ?query strings (tmf-customer.md 3): which documents are
// meant, what of them is shown, in which order and how many at a time.
//
// It reads the tables of tmf/dialect and looks at documents one by one. Where documents
// come from, and what an index finds faster, is not known here.
package query
