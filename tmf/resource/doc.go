// Package resource is what the resources of TM Forum are to the business: customers over
// accounts and their owners, customerAccounts over billing groups, paymentMeans over how
// those are paid (tmf-customer.md 8). Beside the business it keeps what clients wrote and
// the business does not have, and brings both together in one document.
//
// A Collection is one resource of one dialect; an Item is a document as it is kept, which a
// Presenter makes an answer of. HTTP is not here, nor is who listens to changes.
package resource
