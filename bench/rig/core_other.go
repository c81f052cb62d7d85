//go:build !linux

package rig

import "errors"

var errNoCores = errors.New("which processor a program uses can be said on Linux alone")

// Cores fails here.
func Cores() (cores []int, err error) { return nil, errNoCores }

// OnCore fails here.
func OnCore(core int, start func() error) error { return errNoCores }

// KeepTo fails here.
func KeepTo(core int) error { return errNoCores }
