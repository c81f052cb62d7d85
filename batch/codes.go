package batch

import (
	"fmt"

	"rator/failure"
)

// codes are those that contracts of a site declare, by name.
type codes map[string]*failure.Code

func (c codes) named(name string) *failure.Code {
	if code := failure.ByName(name); code != nil {
		return code
	}
	return c[name]
}

// numbered is the code an answer's errorCode stands for. One that is known
// nowhere, for the server is newer or a site's own, is ERROR_ and its number.
func (c codes) numbered(number int) *failure.Code {
	if code := failure.ByNumber(number); code != nil {
		return code
	}
	for _, code := range c {
		if code.Number == number {
			return code
		}
	}
	name := fmt.Sprintf("ERROR_%d", number)
	return &failure.Code{Number: number, Name: name, Kind: failure.Conflict, Text: failure.Text{"EN": name}}
}
