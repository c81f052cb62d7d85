package catalogue

import (
	"fmt"
	"iter"
	"time"

	"rator/store"
	"rator/zone"
)

// A brand's zone is its time_zone, else the one that the store is served in, else UTC.
// It is where a date without a zone is meant, and where the brand's days begin.

// servedZone is the zone that the store was served in last.
type servedZone struct {
	store.Base
	Name string
}

var servedZones = store.Define("served_zone", nil, func(z *servedZone) *store.Base { return &z.Base }).Stable()

// ServedZone is the name of the zone that brands without one have; "" when the store was
// never served.
func ServedZone(tx store.Tx) (string, error) {
	z, err := served(tx)
	if err != nil {
		return "", err
	}
	return z.Name, nil
}

func served(tx store.Tx) (*servedZone, error) {
	for z, err := range servedZones.Scan(tx) {
		return z, err
	}
	return &servedZone{}, nil
}

// ServeIn has brands without a zone be in the one of that name, from now on.
func ServeIn(tx store.Tx, name string) error {
	z, err := served(tx)
	switch {
	case err != nil || z.Name == name:
		return err
	case z.ID == 0:
		return servedZones.Insert(tx, &servedZone{Name: name})
	}
	z.Name = name
	return servedZones.Put(tx, z)
}

// Zone is the zone of a brand that was read from the store.
func (b *Brand) Zone() *time.Location {
	if b.zone == nil {
		return time.UTC
	}
	return b.zone
}

// Day is the calendar day of t in the brand's zone, as that day's midnight in UTC: so
// are days kept, and counted. A day of a clock change is one day as any other.
func (b *Brand) Day(t time.Time) time.Time {
	year, month, day := t.In(b.Zone()).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Meant is t in the zone whose calendar day it means: the one it was written in. A
// moment in UTC that is no midnight says nothing of where it was written, for many
// clients turn all their dates into UTC: it is the brand's.
func (b *Brand) Meant(t time.Time) time.Time {
	if _, offset := t.Zone(); offset != 0 || t.Equal(zone.Midnight(t.Year(), t.Month(), t.Day(), t.Location())) {
		return t
	}
	return t.In(b.Zone())
}

// inZone gives a brand its zone.
func inZone(tx store.Tx, b *Brand, err error) (*Brand, error) {
	if err != nil {
		return nil, err
	}
	name := b.TimeZone
	if name == "" {
		if name, err = ServedZone(tx); err != nil || name == "" {
			return b, err
		}
	}
	if b.zone, err = zone.Named(name); err != nil {
		return nil, fmt.Errorf("zone of brand %s: %w", b.Key, err)
	}
	return b, nil
}

// AllBrands are the brands, retired ones too, oldest first.
func AllBrands(tx store.Tx) iter.Seq2[*Brand, error] {
	return func(yield func(*Brand, error) bool) {
		for b, err := range Brands.Scan(tx) {
			if !yield(inZone(tx, b, err)) {
				return
			}
		}
	}
}

func (b *Brand) checkZone(c *checker) {
	if !b.source.has("time_zone") || !c.present(&b.Entry, "time_zone", b.TimeZone) {
		return
	}
	if _, err := zone.Named(b.TimeZone); err != nil {
		c.mistake(&b.Entry, "time_zone", "time_zone %v; leave it out for the server's", err)
	}
}
