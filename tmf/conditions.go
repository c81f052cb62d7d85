package tmf

import (
	"net/http"
	"strings"

	"rator/tmf/problem"
	"rator/tmf/resource"
)

// etag is the entity tag of an item's version. Every dialect has its own, since
// tags count per address only.
func etag(i resource.Item) string { return `"` + i.Version + `"` }

// conditions compares what a request knows of an item with what it is (RFC 9110
// 13.1). notModified is for reads only; a write, and a read that wants another
// state, fails with a *problem.Error.
func conditions(r *http.Request, i resource.Item) (notModified bool, err error) {
	tag := etag(i)
	if wanted := r.Header.Values("If-Match"); len(wanted) > 0 && !tagIn(wanted, tag, false) {
		return false, problem.LostRace.With("the resource is not what If-Match names any more; it is %s", tag)
	}
	if known := r.Header.Values("If-None-Match"); len(known) > 0 && tagIn(known, tag, true) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			return true, nil
		}
		return false, problem.LostRace.With("the resource is what If-None-Match names: %s", tag)
	}
	return false, nil
}

// tagIn looks for a tag in the lists of a header; weak ones count only when they
// may.
func tagIn(lists []string, tag string, weak bool) bool {
	for item := range strings.SplitSeq(strings.Join(lists, ","), ",") {
		item = strings.TrimSpace(item)
		if weak {
			item = strings.TrimPrefix(item, "W/")
		}
		if item == "*" || item == tag {
			return true
		}
	}
	return false
}
