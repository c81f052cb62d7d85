// Package jsondoc is JSON as TM Forum documents are kept: a Value has the order of its
// members and the literals of its numbers. It reads strictly and within limits, prints,
// compares, and applies merge patches and JSON Patches.
//
// What members mean is no business of this package: it knows no attribute, no dialect and
// no error answer.
package jsondoc
