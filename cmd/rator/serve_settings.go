package main

import (
	"errors"
	"fmt"
	"time"

	"rator/calllog"
	"rator/catalogue"
	"rator/event/delivery"
	"rator/server"
	"rator/tmf"
	"rator/typeface"
	"rator/workflow"
	"rator/zone"
)

// served is what the flags of `rator serve` name, read before anything is made: a
// start with a mistake in them leaves nothing behind.
type served struct {
	calls     calllog.Config
	layers    []workflow.Layer
	registry  *workflow.Registry // of what layers hold
	targets   *delivery.Targets
	fonts     *typeface.Fonts
	catalogue *catalogue.File // nil = none is named
}

func (c *serveCommand) settings(t *terminal, store string) (*served, error) {
	s := &served{layers: []workflow.Layer{server.Shipped()}, registry: &workflow.Registry{}}
	if err := c.checkTime(); err != nil {
		return nil, misused(err)
	}
	if c.Memory != 0 && c.Memory < server.LeastMemory {
		return nil, misused(errors.New("--memory: a server is told at least 64MiB"))
	}
	if c.EventAge < age(24*time.Hour) {
		return nil, misused(errors.New("--event-age: events are kept for a day at least"))
	}
	for _, origin := range c.TMFCORSOrigin {
		if err := tmf.CheckOrigin(origin); err != nil {
			return nil, misused(fmt.Errorf("--tmf-cors-origin: %w", err))
		}
	}
	var err error
	if s.targets, err = delivery.NewTargets(c.HubAllow, c.Demo); err != nil {
		return nil, misused(fmt.Errorf("--hub-allow: %w", err))
	}
	if s.calls, err = c.config(store); err != nil {
		return nil, err
	}
	if s.fonts, err = c.fonts(); err != nil {
		return nil, err
	}
	if c.Hookpoints != "" {
		layer, err := server.SiteLayer(c.Hookpoints)
		if err != nil {
			return nil, unreachable(err)
		}
		s.layers = append(s.layers, layer)
	}
	set, mistakes := workflow.Load(s.layers...)
	if len(mistakes) > 0 {
		return nil, server.MistakesError(mistakes)
	}
	s.registry.Replace(set)
	if c.Catalogue != "" {
		_, s.catalogue, err = readCatalogue(t, c.Catalogue)
	}
	return s, err
}

// checkTime reads the flags of the zone and of a test clock.
func (c *serveCommand) checkTime() error {
	if c.TimeZone != server.LocalZone {
		if _, err := zone.Named(c.TimeZone); err != nil {
			return fmt.Errorf("--time-zone: %w", err)
		}
	}
	if c.Clock == "" {
		return nil
	}
	if !c.Demo {
		return errors.New("--clock is for demos: add --demo, or leave it out")
	}
	_, err := c.clockBegin()
	return err
}
