package wsdl

import (
	"strconv"
	"strings"

	"rator/workflow/contract"
)

// rules says in words what a contract asks of a value besides its type.
func rules(v *contract.Value) []string {
	var said []string
	if len(v.Enum) > 0 {
		said = append(said, "one of "+strings.Join(v.Enum, ", "))
	}
	if v.MaxLen > 0 {
		said = append(said, "at most "+strconv.Itoa(v.MaxLen)+" characters")
	}
	if v.Pattern != nil {
		said = append(said, "pattern "+bare(v.Pattern.String()))
	}
	if v.HasDef {
		said = append(said, "default "+strconv.Quote(v.Default))
	}
	return said
}

// bare is a pattern as its author wrote it, without the anchors that
// contract.Value promises.
func bare(pattern string) string {
	if inner, ok := strings.CutPrefix(pattern, `\A(?:`); ok {
		return strings.TrimSuffix(inner, `)\z`)
	}
	return pattern
}
