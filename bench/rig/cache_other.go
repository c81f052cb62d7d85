//go:build !linux

package rig

import "errors"

// Uncache fails here.
func Uncache(file string) error {
	return errors.New("what is kept of a file in memory can be given up on Linux alone")
}
