package tmf_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// methods are those that the document has for a path below its base; none when it
// has no such path.
func (c *contract) methods(path string) (all []string) {
	below := strings.TrimPrefix(strings.TrimRight(path, "/"), c.model.Servers[0].URL)
	segments := strings.Split(below, "/")
	best := -1
	for pair := c.model.Paths.PathItems.First(); pair != nil; pair = pair.Next() {
		pattern, fixed := strings.Split(strings.TrimRight(pair.Key(), "/"), "/"), 0
		fits := len(pattern) == len(segments)
		for i := 0; fits && i < len(pattern); i++ {
			if pattern[i] == segments[i] {
				fixed++
			} else if !strings.HasPrefix(pattern[i], "{") {
				fits = false
			}
		}
		if !fits || fixed <= best {
			continue
		}
		best, all = fixed, nil
		for o := pair.Value().GetOperations().First(); o != nil; o = o.Next() {
			all = append(all, strings.ToUpper(o.Key()))
		}
	}
	return all
}

// routed checks what the router answers: 405 for a method that the document does
// not have for the path, with those that it has in Allow, and 404 for a path that
// it does not have. routed is false for what an operation answered.
func (c *contract) routed(r *http.Request, w *http.Response, body string) (routed bool, err error) {
	methods := c.methods(r.URL.Path)
	switch {
	case w.StatusCode == http.StatusMethodNotAllowed:
		allowed := strings.Split(w.Header.Get("Allow"), ", ")
		slices.Sort(allowed)
		slices.Sort(methods)
		if !slices.Equal(allowed, methods) {
			return true, fmt.Errorf("Allow is %q, and the document has %q", allowed, methods)
		}
	case slices.Contains(methods, r.Method):
		return false, nil
	case w.StatusCode != http.StatusNotFound:
		return true, fmt.Errorf("the document has no %s of %s", r.Method, r.URL.Path)
	}
	if r.Method == http.MethodHead {
		return true, nil
	}
	return true, c.is("Error", body)
}
