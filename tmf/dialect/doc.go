// Package dialect is what TM Forum resources look like, written once: the tables of the
// three dialects (tmf-customer.md 1), the paths they are served under, and the rules by
// which documents and patches of clients are taken.
//
// Checking what comes in, filling what goes out, the query language, the paths in errors
// and the published documents all read the tables; nothing else repeats a list of fields.
// What a document means to the business is not known here, nor how it travels.
package dialect
