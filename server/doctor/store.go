package doctor

import (
	"fmt"
	"time"

	"rator/server"
	"rator/zone"
)

// storeAnswers tells whether the store can be asked.
func storeAnswers(in *Installation) []found {
	if in.Facts == nil {
		return one(Mistake, "name the store with --store or RATOR_STORE, as its own user; where a server of another version has it, restart that", in.NoFacts.Error())
	}
	if !in.Served {
		return one(OK, "", in.Store+": no server has it")
	}
	return one(OK, "", in.Store+": a server has it")
}

func serverWell(in *Installation) []found {
	switch {
	case in.Facts == nil || !in.Served:
		return nil
	case in.Facts.NotReady != "":
		return one(Mistake, "", "takes no changes: "+in.Facts.NotReady)
	case in.Database:
		return one(OK, "", "takes changes")
	case in.Facts.Version != in.Version:
		return one(Warning, "", fmt.Sprintf("runs %s, and this program is %s: an upgrade was not finished", in.Facts.Version, in.Version))
	}
	return one(OK, "", "takes changes, and is "+in.Version)
}

// mostAhead is how far the store may be ahead of the clock: ids are where more than 10,000
// were wanted in a second.
const mostAhead = time.Minute

// clockBehind compares the machine's clock with what was done last.
func clockBehind(in *Installation) []found {
	if in.Facts == nil || in.Facts.TestClock {
		return nil
	}
	now := in.Now.UTC().Format(time.RFC3339)
	switch newest := in.Facts.Newest; {
	case newest.IsZero():
		return one(OK, "", now+"; nothing was done in the store yet")
	case newest.Sub(in.Now) > mostAhead:
		return one(Mistake, "", fmt.Sprintf("%s, which is %s before the newest that was done in the store: the clock was set back, or ran ahead then", now, newest.Sub(in.Now).Round(time.Second)))
	default:
		return one(OK, "", fmt.Sprintf("%s; the newest in the store is of %s", now, newest.UTC().Format(time.RFC3339)))
	}
}

// zoneMoved compares the zone of the next start with the one that the store was served in.
func zoneMoved(in *Installation) []found {
	before := ""
	if in.Facts != nil {
		before = in.Facts.Zone
	}
	name := in.TimeZone
	if name == server.LocalZone {
		machine := in.machine
		if machine == nil {
			machine = zone.Machine
		}
		var err error
		if name, err = machine(); err != nil {
			return one(Warning, orZone(before), fmt.Sprintf("this machine's zone has no name: %v", err))
		}
	}
	if (server.ServedZone{Name: name, Before: before}).Moved() {
		return one(Warning, before, fmt.Sprintf("the store was served in %s, and these settings would serve it in %s: dates without a zone, and today, would be other ones", before, name))
	}
	return one(OK, "", name)
}

// orZone is a zone, or a word for one.
func orZone(name string) string {
	if name == "" {
		return "ZONE, such as Europe/Oslo"
	}
	return name
}

func testClock(in *Installation) []found {
	if in.Facts == nil || !in.Facts.TestClock {
		return nil
	}
	return one(Warning, "", "the store has a test clock: it is a demo's")
}

// keyOfPINs tells whether the key is the one that the store was served with, and so opens
// its PINs and knows its card numbers.
func keyOfPINs(in *Installation) []found {
	if in.Facts == nil || in.KeyFile == "" {
		return nil
	}
	_, err := server.ReadKeyFile(in.KeyFile)
	switch {
	case err != nil && (in.Served || in.Facts.OtherKeys > 0):
		return one(Mistake, in.KeyFile, err.Error())
	case err != nil:
		return one(OK, "", "there is none yet; the first start makes "+in.KeyFile+", of which you keep a copy")
	case in.Facts.OtherKeys > 0 && !in.Facts.KnowsKey:
		return one(Mistake, in.KeyFile, "the store was served with another key than that of "+in.KeyFile+", which cannot read what PINs there are")
	}
	return one(OK, "", in.KeyFile+" is the store's; backups do not have it: keep a copy")
}
