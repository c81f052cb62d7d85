package main

import (
	"errors"

	"rator/failure"
	"rator/workflow/value"
)

// refused is the exit of a call whose answer has an errorCode.
func refused(errorCode int, about value.Tree) error {
	if errorCode == failure.NotAuthenticated.Number {
		return &exitError{exitFailed, unsaid(about)}
	}
	return failed()
}

// unsaid says how a command is told who asks, where about, the CONTEXT that went
// out, does not say it; else nil. It is for a call that was refused: not every server
// wants to know, rator mock does not.
func unsaid(about value.Tree) error {
	switch {
	case about.Text("OPERATOR") == "":
		return errors.New("the call went out without an operator: give --operator or RATOR_OPERATOR, and --password or RATOR_PASSWORD")
	case about.Text("PASSWORD") == "":
		return errors.New("the call went out without a password: give --password or RATOR_PASSWORD")
	}
	return nil
}
