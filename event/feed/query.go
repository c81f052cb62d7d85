package feed

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// query is what a request asks for, by name.
type query map[string][]string

// queryError says what of a query cannot be read.
type queryError struct{ what string }

func (e *queryError) Error() string { return e.what }

func queryOf(r *http.Request) (query, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, &queryError{fmt.Sprintf("the query cannot be read: %v", err)}
	}
	return query(values), nil
}

// known fails when something is asked for that nobody knows: it would be left out of
// what is told, silently.
func (q query) known(names ...string) error {
	for name := range q {
		if !slices.Contains(names, name) {
			return &queryError{fmt.Sprintf("%.40q is no parameter here; there are %s", name, strings.Join(names, ", "))}
		}
	}
	return nil
}

// one is a parameter that may be there once.
func (q query) one(name string) (string, error) {
	if len(q[name]) > 1 {
		return "", &queryError{name + " is given more than once"}
	}
	if len(q[name]) == 0 {
		return "", nil
	}
	return q[name][0], nil
}

func (q query) truth(name string) (bool, error) {
	text, err := q.one(name)
	if err != nil || text == "" {
		return false, err
	}
	is, err := strconv.ParseBool(text)
	if err != nil {
		return false, &queryError{fmt.Sprintf("%s=%.40q: give true or false", name, text)}
	}
	return is, nil
}
