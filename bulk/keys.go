package bulk

import (
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"rator/card"
	"rator/workflow/contract"
	"rator/workflow/hookpoints"
	"rator/workflow/value"
)

// key is what the shipped contracts say of a key, all of them together.
type key struct {
	day       bool
	words     []string
	longest   int
	card      card.Kind
	asked     string // how the first request describes it
	requested bool
	pattern   *regexp.Regexp // of the first request
	descs     []string       // all descriptions, each once
}

// first is the contract whose words for a key come before those of others.
const first = "SOAP_SIGNUP_CUSTOMER"

// keys are those of the shipped contracts.
var keys = sync.OnceValue(func() map[string]*key {
	all := map[string]*key{}
	src, err := fs.ReadFile(hookpoints.Folders, "types.xml")
	if err != nil {
		panic(err)
	}
	types, _ := contract.ParseTypes("types.xml", src, nil)
	files, err := fs.Glob(hookpoints.Folders, "*/contract.xml")
	if err != nil {
		panic(err)
	}
	slices.SortStableFunc(files, func(a, b string) int {
		return strings.Compare(order(a), order(b))
	})
	for _, file := range files {
		src, err := fs.ReadFile(hookpoints.Folders, file)
		if err != nil {
			panic(err)
		}
		c, _ := contract.Parse(file, src, types)
		note(all, c.Request, true)
		note(all, c.Response, false)
	}
	return all
})

func order(file string) string {
	if path.Dir(file) == first {
		return ""
	}
	return file
}

func note(all map[string]*key, vs []*contract.Value, asked bool) {
	for _, v := range vs {
		k := all[v.Key]
		if k == nil {
			k = &key{}
			all[v.Key] = k
		}
		if asked {
			k.day = k.day || v.Type == value.Date
			k.longest = max(k.longest, v.MaxLen)
			for _, word := range v.Enum {
				if !slices.Contains(k.words, word) {
					k.words = append(k.words, word)
				}
			}
			if k.card == card.Unsaid {
				k.card = v.Cards
			}
			if !k.requested {
				k.requested, k.asked, k.pattern = true, v.Desc, v.Pattern
			}
		}
		if v.Desc != "" && !slices.Contains(k.descs, v.Desc) {
			k.descs = append(k.descs, v.Desc)
		}
		note(all, v.Values, asked)
	}
}

// take has a member be as the contracts say of its key: what requests may set (the
// structs named …Fields) as requests may set it, others in words alone, where the
// contracts have the same for all of that key.
func (m *member) take(within reflect.Type) {
	k := keys()[m.key]
	switch {
	case k == nil:
	case strings.HasSuffix(within.Name(), "Fields"):
		m.desc = k.asked
		if m.plan.form != text {
			return
		}
		m.plan.words, m.plan.longest = k.words, k.longest
		if k.day {
			m.plan.form = day
		}
		if k.card != card.Unsaid {
			m.card = k.card
		}
	case len(k.descs) == 1:
		m.desc = k.descs[0]
	}
}
