package workflow

import (
	"encoding/json"

	"rator/unit"
	"rator/workflow/value"
)

// keptAnswer is an answer as the gate keeps it for a request that may come again: its
// values, and no envelope, for the repeat may come in another version of SOAP.
type keptAnswer struct {
	Code    int
	Message string
	Status  int
	Values  value.Tree
}

// keep writes down how the last run ended.
func (c *invocation) keep(refused error) (body string, keep bool, err error) {
	r := c.result(refused)
	body, err = unit.Body(keptAnswer{r.ErrorCode, r.ErrorMessage, r.Status, r.Values})
	return body, true, err
}

// again takes the answer that was kept.
func (c *invocation) again(body string) error {
	var k keptAnswer
	if err := json.Unmarshal([]byte(body), &k); err != nil {
		return err
	}
	c.kept = &Result{ErrorCode: k.Code, ErrorMessage: k.Message, Status: k.Status, Values: k.Values, Replayed: true}
	return nil
}
