package batch

// Error is what keeps a run from going on, or from beginning: no row can be blamed for it,
// since the others would meet it too.
type Error struct {
	Kind Kind
	Err  error
}

// Kind says what somebody can do about an Error.
type Kind int

const (
	// Misused: what was asked for does not fit together.
	Misused Kind = iota + 1
	// Unreachable: a file cannot be opened, or the endpoint does not answer.
	Unreachable
	// NotAuthenticated: the endpoint does not know who calls.
	NotAuthenticated
)

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

func misused(err error) error     { return &Error{Misused, err} }
func unreachable(err error) error { return &Error{Unreachable, err} }
