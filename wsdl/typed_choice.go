package wsdl

import (
	"net/http"
	"slices"
	"strings"

	"rator/workflow/contract"
)

// everyHookpoint stands for all that clients may call.
const everyHookpoint = "*"

// typed answers with the typed WSDL of the hookpoints that a list names. That of
// one and that of all are kept; others are made each time.
func (h *handler) typed(w http.ResponseWriter, r *http.Request, list, version string) {
	if version != "" {
		notFound(w, "there is no typed WSDL "+quoted(version)+"; typed WSDLs have a SOAP 1.1 binding only, leave the version out")
		return
	}
	contracts := h.contracts()
	wanted, unknown := chosen(contracts, list)
	if unknown != "" {
		notFound(w, unknown)
		return
	}
	build := func() (*publication, error) {
		made, err := typedWSDL(addressMark, wanted...)
		return publish(xmlType, made), err
	}
	var p *publication
	var err error
	switch {
	case list == everyHookpoint:
		p, err = h.shelf.of(contracts, list, build)
	case len(wanted) == 1:
		p, err = h.shelf.of(contracts, wanted[0].Hookpoint, build)
	default:
		p, err = build()
	}
	if err != nil {
		notFound(w, err.Error())
		return
	}
	h.send(w, r, p)
}

// chosen are the contracts that a list of hookpoints names, each once, with
// commas between them. unknown says which there is not.
func chosen(contracts []*contract.Contract, list string) (wanted []*contract.Contract, unknown string) {
	public := map[string]*contract.Contract{}
	var known []string
	for _, c := range contracts {
		if c.Internal {
			continue
		}
		public[c.Hookpoint] = c
		known = append(known, c.Hookpoint)
		if canBeTyped(c) && list == everyHookpoint {
			wanted = append(wanted, c)
		}
	}
	if list == everyHookpoint && len(wanted) > 0 {
		return wanted, ""
	}
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		c := public[name]
		switch {
		case c == nil:
			near := ""
			if len(name) <= maxEchoed {
				near = contract.Suggest(name, known)
			}
			return nil, "there is no hookpoint " + quoted(name) + near + "; the page without a query lists them all"
		case !slices.Contains(wanted, c):
			wanted = append(wanted, c)
		}
	}
	return wanted, ""
}
