package calllog

import (
	"fmt"
	"strconv"
	"strings"

	"rator/failure"
)

// AskedFor is the hookpoint or the right; of a call of TM Forum that needs none what was
// asked for.
func (c *Call) AskedFor() string {
	if c.Hookpoint == "" && c.Method != "" {
		path, _, _ := strings.Cut(c.Target, "?")
		return c.Method + " " + path
	}
	return c.Hookpoint
}

// OutcomeText is ok, an error code with its name, or what kind of fault it was. Over TM
// Forum it is the status, with the code of the error body.
func (c *Call) OutcomeText() string {
	outcome := c.Outcome()
	switch {
	case outcome == outcomeOK:
		return "ok"
	case c.Face == FaceTMF && c.Fault == "":
		if c.ErrorCode == 0 {
			return fmt.Sprintf("HTTP %d", c.Status)
		}
		return fmt.Sprintf("HTTP %d %d", c.Status, c.ErrorCode)
	case outcome == outcomeFailed:
		if code := failure.ByNumber(c.ErrorCode); code != nil {
			return fmt.Sprintf("%d %s", c.ErrorCode, code.Name)
		}
		return strconv.Itoa(c.ErrorCode)
	}
	if c.Fault == "" {
		return fmt.Sprintf("HTTP %d", c.Status)
	}
	return "fault " + c.Fault
}
