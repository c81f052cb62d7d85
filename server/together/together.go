// Package together has what several servers of one database share beside the records of
// the store.
package together
