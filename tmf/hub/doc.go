// Package hub tells listeners what happens to resources (tmf-customer.md 4): NoteChanges
// compares the documents before and after each transaction and keeps what differs with it;
// Hubs make notifications of that for each registered Hub and deliver them. How hubs are
// registered over HTTP is not here.
package hub
