package problem

// All are all Codes, for the documents; a test compares the list
// with problem.go.
var All = []*Code{
	BadUsage, BadQuery, BadTransition, MissingField, UnknownValue, BadOperator, NotModifiable, BadFormat,
	NotAuthenticated, NotAllowed, UnknownResource, WrongMethod, NotAcceptable, BodyTooSlow, Clash, LostRace,
	BodyTooLong, WrongMediaType, BeyondTheEnd, Technical, TryAgain,
}

// WithStatus are those that are answered with a status.
func WithStatus(status int) []*Code {
	var all []*Code
	for _, p := range All {
		if p.Status == status {
			all = append(all, p)
		}
	}
	return all
}
