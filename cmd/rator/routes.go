package main

import (
	"net/http"

	"rator/event"
	"rator/soap"
	"rator/tmf"
	"rator/tmf/jsondoc"
	"rator/workflow/contract"
	"rator/workflow/value"
	"rator/wsdl"
)

func (s *server) routes(c serverConfig) (http.Handler, error) {
	contracts := func() []*contract.Contract { return s.registry.Current().Contracts() }
	address := func(r *http.Request) string { return wsdl.Address(r, c.trustForwarded) }
	o := c.soap
	o.Pages = wsdl.New(contracts, event.Topics(), address)
	o.Log = c.log
	if s.calls != nil {
		o.Answered = s.logged(c.callLogSkip)
	}
	o.Metrics = soap.Metrics{
		LimitHit: func(l soap.Limit) { s.metrics.limits.WithLabelValues(string(l)).Inc() },
		Fault:    func(f soap.FaultCode) { s.metrics.faults.WithLabelValues(string(f)).Inc() },
	}
	o.MaxBytes = func(hookpoint string) int {
		if h := s.registry.Current().Find(hookpoint); h != nil {
			return h.Contract.MaxBytes
		}
		return 0
	}
	o.Secret = func(hookpoint string, answer value.Tree) bool {
		h := s.registry.Current().Find(hookpoint)
		return h == nil || contract.HoldsSecret(h.Contract.Response, answer)
	}
	o.Full = s.gate.Full
	o.Typed = func(hookpoint string) bool {
		h := s.registry.Current().Find(hookpoint)
		return h != nil && !h.Contract.Internal
	}
	var err error
	c.hubs.Store, c.hubs.Log, c.hubs.Now, c.hubs.Demo = c.store, c.log, c.now, c.demo
	s.hubs, err = tmf.NewHubs(c.hubs)
	if err != nil {
		return nil, err
	}
	s.webhooks = s.newWebhooks(c)
	customers, err := s.tmf(c)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	customers.Mount(mux)
	s.mountFeed(mux)
	mux.Handle(soap.Path, soap.NewHandler(s.engine, o))
	if !c.operationsApart {
		s.mountOperations(mux)
	}
	mux.Handle("GET /{$}", http.RedirectHandler(soap.Path, http.StatusFound))
	return mux, nil
}

// tmf is the TM Forum face over the same store.
func (s *server) tmf(c serverConfig) (*tmf.Handler, error) {
	b := &tmf.Business{Strict: c.tmfStrict, Engine: s.engine, Cards: c.keys.cards, PINs: c.keys.pins}
	limits := jsondoc.DefaultLimits()
	if n := c.soap.Limits.MessageBytes; n > 0 {
		limits.Bytes = n
	}
	shown := c.keys.pins
	if c.maskPINs {
		shown = nil
	}
	return tmf.New(tmf.Config{
		PINs: shown, Cards: c.keys.cards,
		Collection: b.Collection, Gate: s.gate, Hubs: s.hubs, Limits: limits, BodyTime: c.soap.BodyTime,
		TrustForwarded: c.trustForwarded, Strict: c.tmfStrict, Origins: c.tmfOrigins, Log: c.log,
		Answered: s.loggedTMF(c.callLogSkip),
	})
}
