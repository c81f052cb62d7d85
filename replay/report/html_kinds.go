package report

import "rator/replay/compare"

// kinds are the differences of a page by likeness, with a link to the scenario of
// the first.
type kinds struct {
	byKey map[string]*kind
	order []*kind
	more  int // differences of further kinds
}

type kind struct {
	Path, Text  string
	Want, Got   string // of the first
	Operation   string
	Scenario    string // of the first
	Link        int    // its number
	Count, In   int
	lastCounted int
}

func (k *kinds) add(d *compare.Difference, operation, scenario string, number int) {
	key := likeness(d)
	at := k.byKey[key]
	if at == nil {
		if len(k.order) == maxGroups {
			k.more++
			return
		}
		want, got := inWords(d, 120)
		at = &kind{
			Path: visible(withoutIndexes(d.Path)), Text: kindText(d.Kind), Want: want,
			Got: got, Operation: visible(operation), Scenario: visible(scenario), Link: number,
		}
		if k.byKey == nil {
			k.byKey = map[string]*kind{}
		}
		k.byKey[key] = at
		k.order = append(k.order, at)
	}
	at.Count++
	if at.lastCounted != number {
		at.lastCounted = number
		at.In++
	}
}
