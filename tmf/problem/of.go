package problem

import (
	"cmp"
	"errors"

	"rator/failure"
	"rator/tmf/jsondoc"
	"rator/unit"
)

// kindProblems maps the business's kinds of failure (architecture.md 6).
var kindProblems = map[failure.Kind]*Code{
	failure.Invalid:  BadUsage,
	failure.NotFound: UnknownResource,
	failure.Conflict: Clash,
	failure.Denied:   NotAllowed,
	failure.Busy:     TryAgain,
}

// Of is what a caller is told of an error: nil when it is ours, and only
// the log may know. A Collection that knows more than the Kind, such as the
// attribute at fault, returns a *Error.
func Of(err error) *Error {
	var (
		p      *Error
		f      *failure.Error
		syntax *jsondoc.SyntaxError
		limit  *jsondoc.LimitError
		brand  *unit.UnknownBrandError
	)
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &syntax):
		return UnknownValue.With("the body cannot be read: %s", syntax)
	case errors.As(err, &limit):
		return UnknownValue.With("the body cannot be read: %s", limit)
	case errors.As(err, &brand):
		return BadUsage.With("X-Brand-Key: %.40q is not a brand of this server", cmp.Or(brand.Named.Key, brand.Operators))
	case errors.As(err, &f):
		code := kindProblems[f.Code.Kind]
		if f.Code == failure.NotAuthenticated {
			code = NotAuthenticated
		}
		if code == nil {
			return nil
		}
		reason := f.Code.TextIn("EN")
		if f.Code == failure.NotAuthenticated {
			reason = f.Sentence("EN") // nobody who left the password out is told that it is wrong
		}
		told := Code{Number: code.Number, Status: code.Status, Reason: reason}
		return told.With("%s: %s", f.Code.Name, f.Message("EN"))
	}
	return nil
}
