package doctor

import (
	"fmt"
	"strings"

	"rator/event/delivery"
)

func demoOperators(in *Installation) []found {
	return ofOperators(in, "none", func(o operator) string {
		switch {
		case !o.Demo:
			return ""
		case in.Demo:
			return "everybody knows the password of " + o.Name + ", and --demo lets it in"
		}
		return "everybody knows the password of " + o.Name + ", which --demo made; it is refused without --demo"
	})
}

func someOperator(in *Installation) []found {
	switch {
	case in.Facts == nil:
		return nil
	case len(in.Facts.Operators) == 0:
		return one(Mistake, "", "there is none, so every call is refused")
	}
	return one(OK, "", fmt.Sprintf("%d enabled", len(in.Facts.Operators)))
}

func wideTrust(in *Installation) []found {
	return ofOperators(in, "none lets in half of the world", func(o operator) string {
		if len(o.Wide) == 0 {
			return ""
		}
		return fmt.Sprintf("operator %s is let in without a password from %s", o.Name, strings.Join(o.Wide, " "))
	})
}

func actsForAll(in *Installation) []found {
	return ofOperators(in, "it was said for each operator", func(o operator) string {
		if !o.ActsAsAll {
			return ""
		}
		return "operator " + o.Name + " is of an older version: with its certificate it may act for every other"
	})
}

// ofOperators warns of each operator that says something.
func ofOperators(in *Installation, well string, says func(operator) string) []found {
	if in.Facts == nil {
		return nil
	}
	var all []found
	for _, o := range in.Facts.Operators {
		if what := says(o); what != "" {
			all = append(all, found{Warning, o.Name, what})
		}
	}
	return wellOr(all, well)
}

func someBrand(in *Installation) []found {
	switch {
	case in.Facts == nil:
		return nil
	case in.Facts.Brands == 0:
		return one(Mistake, "", "the store has none, so nobody can sign up")
	}
	return one(OK, "", fmt.Sprintf("%d brands", in.Facts.Brands))
}

func hubsBehind(in *Installation) []found {
	if in.Facts == nil {
		return nil
	}
	return behind(in.Facts.Hubs)
}

func webhooksBehind(in *Installation) []found {
	if in.Facts == nil {
		return nil
	}
	return behind(in.Facts.Webhooks)
}

// mostBehind is how many events may wait for a subscriber that takes them.
const mostBehind = 1000

// behind finds subscribers that are not told what they want to know.
func behind(subscribers []subscriber) []found {
	var all []found
	for _, s := range subscribers {
		name := fmt.Sprintf("%s (%s)", s.ID, s.Host)
		waits := ""
		if s.Behind > 0 {
			waits = fmt.Sprintf("; %d events wait for it", s.Behind)
		}
		switch {
		case s.State == delivery.Suspended:
			all = append(all, found{Mistake, s.ID, fmt.Sprintf("%s is suspended: %s%s", name, s.Reason, waits)})
		case s.Failed > 0:
			all = append(all, found{Warning, s.ID, fmt.Sprintf("%s failed %d times in a row: %s%s", name, s.Failed, s.Reason, waits)})
		case s.Behind > mostBehind:
			all = append(all, found{Warning, s.ID, name + " is slow" + waits})
		}
	}
	return wellOr(all, fmt.Sprintf("%d, none is behind", len(subscribers)))
}
