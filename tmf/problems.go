package tmf

// problems are all ProblemCodes, for the documents; a test compares the list
// with problem.go.
var problems = []*ProblemCode{
	BadUsage, BadQuery, BadTransition, MissingField, UnknownValue, BadOperator, NotModifiable, BadFormat,
	NotAuthenticated, NotAllowed, UnknownResource, WrongMethod, NotAcceptable, BodyTooSlow, Clash, LostRace,
	BodyTooLong, WrongMediaType, BeyondTheEnd, Technical, TryAgain,
}

// problemsWith are those that are answered with a status.
func problemsWith(status int) []*ProblemCode {
	var all []*ProblemCode
	for _, p := range problems {
		if p.Status == status {
			all = append(all, p)
		}
	}
	return all
}
