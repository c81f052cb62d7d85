package query

import (
	"net/url"
	"strconv"
	"strings"
)

// String is a query string that means the same.
func (q *Query) String() string {
	var parts []string
	if !q.Filter.Empty() {
		parts = append(parts, q.Filter.String())
	}
	if q.Selection != nil {
		parts = append(parts, "fields="+url.QueryEscape(q.Selection.String()))
	}
	if len(q.Sort) > 0 {
		parts = append(parts, "sort="+url.QueryEscape(sortText(q.Sort)))
	}
	if q.Paged {
		parts = append(parts, "offset="+strconv.Itoa(q.offset))
		if q.limit != noLimit {
			parts = append(parts, "limit="+strconv.Itoa(q.limit))
		}
	}
	return strings.Join(parts, "&")
}

func (s *Selection) String() string { return strings.Join(s.names, ",") }

func sortText(keys []SortKey) string {
	names := make([]string, len(keys))
	for i, k := range keys {
		if names[i] = k.Path.text; k.descending {
			names[i] = "-" + names[i]
		}
	}
	return strings.Join(names, ",")
}
