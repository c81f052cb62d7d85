package replay

import (
	"net/http"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// Answer is an answer that came for a recorded one.
type Answer struct {
	Scenario *fixture.Scenario
	Step     *fixture.Step
	Recorded *fixture.Exchange
	Status   int
	Header   http.Header
	Body     []byte
	ids      *compare.IDs
}
