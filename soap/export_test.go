package soap

import (
	"rator/workflow"
	"rator/workflow/value"
)

// AppendAnswer appends the answer to executeMethod, without a Header.
func AppendAnswer(to []byte, v Version, r *workflow.Result) []byte {
	return appendAnswer(to, v, r, nil)
}

// AppendDryRun appends what Client sends with DryRun.
func AppendDryRun(to []byte, v Version, hookpoint string, values value.Tree) []byte {
	return appendDryRun(to, v, hookpoint, values)
}
