package server

// OpenError is of what could not be opened or reached: a file, a store, an address.
type OpenError struct{ error }

func (e *OpenError) Unwrap() error { return e.error }
