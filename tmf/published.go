package tmf

import (
	"net/http"
	"sync"

	"rator/tmf/dialect"
	"rator/tmf/openapi"
)

// publication is what one base path serves about its dialect.
// Each is made when it is asked for first.
type publication struct {
	document func() []byte // Document
	page     func() ([]byte, error)
}

// publish makes what is published under every base path.
func publish(c *Config) map[string]publication {
	all := map[string]publication{}
	told := documentedRoutes()
	for _, d := range dialect.All {
		for _, b := range d.Bases {
			of := openapi.Config{Dialect: d, Base: b, Routes: told, Strict: c.Strict, ErrorPages: c.ErrorPages, Hubs: c.Hubs != nil}
			all[b.Path] = publication{
				document: sync.OnceValue(func() []byte { return openapi.Indented(openapi.Document(of)) }),
				page:     sync.OnceValues(func() ([]byte, error) { return openapi.Page(of) }),
			}
		}
	}
	return all
}

// documentedRoutes are the routes as the documents have them.
func documentedRoutes() []openapi.Route {
	all := make([]openapi.Route, len(routes))
	for i, r := range routes {
		all[i] = openapi.Route{Path: r.path, Hub: r.hub}
		for _, v := range r.verbs {
			all[i].Methods = append(all[i].Methods, v.Method)
		}
	}
	return all
}

// document answers the dialect's Document document; anybody may read it.
func (x *exchange) document() error {
	x.answer(http.StatusOK, dialect.JSON, x.published[x.base.Path].document())
	return nil
}

// page answers the dialect's reference page; anybody may read it.
func (x *exchange) page() error {
	body, err := x.published[x.base.Path].page()
	if err != nil {
		return err
	}
	x.answer(http.StatusOK, "text/html; charset=utf-8", body)
	return nil
}
