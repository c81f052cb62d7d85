package server

import (
	"net/http"

	"rator/event"
	"rator/soap"
	"rator/tmf"
	"rator/tmf/hub"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
	"rator/wire"
	"rator/workflow/contract"
	"rator/workflow/value"
	"rator/wsdl"
)

func (s *Server) routes(c Config) (http.Handler, error) {
	contracts := func() []*contract.Contract { return s.Registry.Current().Contracts() }
	address := func(r *http.Request) string { return wire.Address(r, c.TrustForwarded) }
	o := c.SOAP
	o.Pages = wsdl.New(contracts, event.Topics(), address)
	o.Log = c.Log
	if s.Calls != nil {
		o.Answered = s.Logged(c.CallLogSkip)
	}
	o.Metrics = soap.Metrics{
		LimitHit: func(l soap.Limit) { s.Metrics.limits.WithLabelValues(string(l)).Inc() },
		Fault:    func(f soap.FaultCode) { s.Metrics.faults.WithLabelValues(string(f)).Inc() },
	}
	o.MaxBytes = func(hookpoint string) int {
		if h := s.Registry.Current().Find(hookpoint); h != nil {
			return h.Contract.MaxBytes
		}
		return 0
	}
	o.Secret = func(hookpoint string, answer value.Tree) bool {
		h := s.Registry.Current().Find(hookpoint)
		return h == nil || contract.HoldsSecret(h.Contract.Response, answer)
	}
	o.Full = s.gate.Full
	o.Typed = func(hookpoint string) bool {
		h := s.Registry.Current().Find(hookpoint)
		return h != nil && !h.Contract.Internal
	}
	var err error
	c.Hubs.Store, c.Hubs.Log, c.Hubs.Now, c.Hubs.Demo = c.Store, c.Log, c.Now, c.Demo
	s.Hubs, err = hub.New(c.Hubs)
	if err != nil {
		return nil, err
	}
	s.Webhooks = s.newWebhooks(c)
	customers, err := s.tmf(c)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	customers.Mount(mux)
	s.mountFeed(mux)
	mux.Handle(wire.Path, soap.NewHandler(s.Engine, o))
	if !c.OperationsApart {
		s.mountOperations(mux)
	}
	mux.Handle("GET /{$}", http.RedirectHandler(wire.Path, http.StatusFound))
	return mux, nil
}

// tmf is the TM Forum face over the same store.
func (s *Server) tmf(c Config) (*tmf.Handler, error) {
	b := &resource.Business{Strict: c.TMFStrict, Engine: s.Engine, Cards: c.Keys.Cards, PINs: c.Keys.PINs}
	limits := jsondoc.DefaultLimits()
	if n := c.SOAP.Limits.MessageBytes; n > 0 {
		limits.Bytes = n
	}
	shown := c.Keys.PINs
	if c.MaskPINs {
		shown = nil
	}
	return tmf.New(tmf.Config{
		PINs: shown, Cards: c.Keys.Cards,
		Collection: b.Collection, Gate: s.gate, Hubs: s.Hubs, Limits: limits, BodyTime: c.SOAP.BodyTime,
		TrustForwarded: c.TrustForwarded, Strict: c.TMFStrict, Origins: c.TMFOrigins, Log: c.Log,
		Answered: s.LoggedTMF(c.CallLogSkip),
	})
}
