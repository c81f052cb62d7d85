package tmf_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"rator/tmf/tmftest"
)

// methods are those that the document has for a path below its base; none when it
// has no such path.
func (c *contract) methods(path string) []string {
	below := strings.TrimPrefix(strings.TrimRight(path, "/"), c.model.Servers[0].URL)
	return tmftest.Methods(c.model, below)
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
