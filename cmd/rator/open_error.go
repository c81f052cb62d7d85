package main

// openError is of what could not be opened or reached: a file, a store, an address.
type openError struct{ error }

func (e *openError) Unwrap() error { return e.error }
