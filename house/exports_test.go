package house_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"rator/suite"
)

// exportedAnyway are names that are exported though no other room uses them, each with
// its reason.
var exportedAnyway = map[string]string{
	"access.RightOperators":    aRight,
	"access.RightCatalogue":    aRight,
	"access.RightHookpoints":   aRight,
	"access.RightCalls":        aRight,
	"access.RightTrace":        aRight,
	"workflow/script.KindHook": aKind,
	"workflow/script.KindNote": aKind,

	"customer.OwnerRole":       aValue,
	"customer.UserRole":        aValue,
	"customer.Handset":         aValue,
	"customer.SIM":             aValue,
	"customer.PortIn":          aValue,
	"workflow.StatusOK":        aValue,
	"workflow.StatusTechnical": aValue,
	"tmf/dialect.V3":           "one of the three dialects, of which other rooms name the other two",
	"event/feed.Path":          aFace,
	"event/feed.AuditPath":     aFace,
	"event/feed.CursorHeader":  aFace,
	"tmf.AnyOrigin":            aFace,
	"soap.SyntaxError":         "what Client.Call gives of an answer that cannot be read; callers tell it by errors.As",
	"mask.Masker.REST":         "calllog's Masker asks for it",

	"catalogue.Changes.Any":      itsTests,
	"catalogue.CheckTaxCountry":  itsTests,
	"catalogue.Option.PriceOn":   itsTests,
	"event.Blank":                itsTests,
	"event.FromCursor":           itsTests,
	"event.MostPatterns":         itsTests,
	"event.Pattern.Match":        itsTests,
	"event.Patterns.Match":       itsTests,
	"server.MostTurnedAway":      itsTests,
	"server.Server.Logged":       itsTests,
	"server.Server.LoggedTMF":    itsTests,
	"server/scratch.WithSetting": itsTests,
}

const (
	aRight   = "the rights are one list, of which faces name the ones they ask for"
	aKind    = "fellow of the kinds of a step that another room says"
	aValue   = "what a field of an exported type may hold, which other rooms hand on as it is"
	aFace    = "what clients of the face say"
	itsTests = "the room's own tests say it, and see what other rooms see"
)

// mostUnused is how many of them there may be.
const mostUnused = 34

// TestExports: what a room exports, another room uses (habits.md). Looked at are the
// names of a package and the methods of its types, not fields, which are what a type
// is: they are kept, encoded and compared whole. A name is used where
//
//   - another room says it, be it in a test; the room's own tests are no other room;
//   - it is a type in the declaration of a name that is used: what a function takes
//     and gives, what a field holds;
//   - it is a method that an exported interface asks for, or by its name the standard
//     library (askedByName);
//   - it is a constant of an enumeration, or a coded error of a list, one type in one
//     declaration, and another room says one of its fellows.
func TestExports(t *testing.T) {
	suite.Long(t, "reads the types of all packages and of what they import")
	if suite.Apart(t) {
		return
	}
	x := newExports()
	for _, p := range load(t) {
		x.uses(p)
		if !p.forTest && p.types.Name() != "main" {
			x.declares(p)
		}
	}
	if len(x.names) < 1000 || len(x.used) < 1000 {
		t.Fatalf("%d exported names, %d used places were found", len(x.names), len(x.used))
	}
	unused := x.unused()
	known := slices.Collect(maps.Values(x.names))
	for name, reason := range exportedAnyway {
		switch {
		case !slices.Contains(known, name):
			t.Errorf("%s (%s) is gone: take it off the list", name, reason)
		case !slices.Contains(slices.Collect(maps.Keys(unused)), name):
			t.Errorf("%s (%s) is used by another room: take it off the list", name, reason)
		}
	}
	var without []string
	for name, where := range unused {
		if exportedAnyway[name] == "" {
			without = append(without, where+": "+name)
		}
	}
	slices.Sort(without)
	t.Logf("%d of %d exported names have no use in another room:\n%s", len(without), len(known), strings.Join(without, "\n"))
	if len(without) > 0 {
		t.Errorf("use them, keep them to the room, or say why (exportedAnyway); there may be %d of those", mostUnused)
	}
	if len(exportedAnyway) > mostUnused {
		t.Errorf("%d exported names have no use in another room", len(exportedAnyway))
	}
}
