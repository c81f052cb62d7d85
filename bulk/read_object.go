package bulk

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"rator/workflow/contract"
)

// object reads the object at hand; line says that it is all of the line.
func (in *input) object(p *plan, v reflect.Value, line bool) {
	in.at++
	var seen uint64
	own, formatted, around := false, false, in.kept
	in.kept = in.kept && !p.thing
	for more, next := !in.take('}'), 0; more && in.broken == ""; more = in.more('}') {
		if in.next() != '"' {
			in.wrong("the name of a member is missing: %s", in.found())
			return
		}
		name := in.quoted()
		if !in.need(':', "after the name of a member") {
			return
		}
		if line && name == "format" {
			in.format(formatted)
			formatted = true
			continue
		}
		if line && name == historyName {
			in.skip(0)
			continue
		}
		at := p.find(name, next)
		if at < 0 {
			in.unknown(p, name, line)
			continue
		}
		m := &p.members[at]
		next = at + 1
		in.push(step{name: m.name})
		if seen&(1<<at) != 0 {
			in.mistake(twice)
			in.skip(0)
		} else {
			seen |= 1 << at
			own = own || m.own
			in.value(m, m.plan, m.at(v))
			if m.version {
				in.kept = m.at(v).Int() > 0
			}
		}
		in.pop()
	}
	in.kept = around
	if p.thing && !own && in.broken == "" {
		stand, n := in.c.names.standIn("")
		n.declared = true
		p.members[0].at(v).SetInt(int64(stand))
	}
	if line && !formatted && in.broken == "" {
		in.mistakes = slices.Insert(in.mistakes, 0, Mistake{"format", fmt.Sprintf("is missing; a line begins with {\"format\":%q", lineFormat)})
	}
}

// twice is said of a member that an object has more than once.
const twice = "stands there twice; leave one of them out"

// more goes on to the next member or element, if there is one before the end.
func (in *input) more(end byte) bool {
	if in.broken != "" || in.take(',') {
		return in.broken == ""
	}
	in.need(end, "after a value")
	return false
}

// find is the member with a name, which is most often next; -1 = there is none.
func (p *plan) find(name string, next int) int {
	for at := next; at < min(next+3, len(p.members)); at++ {
		if p.members[at].name == name {
			return at
		}
	}
	if at, ok := p.byName[name]; ok {
		return at
	}
	return -1
}

func (in *input) unknown(p *plan, name string, line bool) {
	known := make([]string, 0, len(p.members))
	for n := range p.members {
		known = append(known, p.members[n].name)
	}
	if line {
		known = append(known, "format")
	}
	in.push(step{name: strings.Trim(quote(name), `"`)})
	in.mistake("is no member of this%s", contract.Suggest(name, known))
	in.pop()
	in.skip(0)
}

// format reads the version of the format; again says that it stood there before.
func (in *input) format(again bool) {
	in.push(step{name: "format"})
	defer in.pop()
	if again {
		in.mistake(twice)
		in.skip(0)
		return
	}
	if in.next() != '"' {
		in.mistake("must be the text %q, not %s", lineFormat, in.kind())
		in.skip(0)
		return
	}
	said := in.quoted()
	version, ours := strings.CutPrefix(said, formatName+"/")
	switch n, err := strconv.Atoi(version); {
	case said == lineFormat:
	case ours && err == nil && n > formatVersion:
		in.mistake("%s is newer than this program, which reads %s; take a newer one", quote(said), lineFormat)
	default:
		in.mistake("%s is no format of customers; write %q", quote(said), lineFormat)
	}
}
