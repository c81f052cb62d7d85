package contract

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// FirstSiteNumber is where the numbers of a site's own codes begin; the shipped
// ones lie below.
const FirstSiteNumber = 10_000

var (
	codeName     = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	languageName = regexp.MustCompile(`^[A-Z]{2}$`)
)

// failures reads the errors element.
func (p *parser) failures(list *etree.Element) []Failure {
	p.attributes(list)
	var failures []Failure
	for _, e := range p.elements(list, []string{"error"}) {
		f := p.failure(e)
		if i := slices.IndexFunc(failures, func(other Failure) bool { return other.Name == f.Name }); i >= 0 && f.Name != "" {
			p.mistake(e, "error %s is declared twice, first in line %d", f.Name, failures[i].Line)
			continue
		}
		failures = append(failures, f)
	}
	return failures
}

// failure reads one error element: a code that is shipped, by its name alone, or
// one of the site's own, with number and texts.
func (p *parser) failure(e *etree.Element) Failure {
	a := p.attributes(e, "name", "number", "desc")
	at := p.places[e]
	f := Failure{Name: a.get("name"), Desc: a.get("desc"), Text: p.texts(e), Line: at.line, Column: at.column}
	if !codeName.MatchString(f.Name) {
		p.mistake(e, "name=%q of error is not in capitals, digits and _", f.Name)
	}
	if !a.has("number") {
		if len(f.Text) > 0 {
			p.mistake(e, "error %s has texts but no number; a code of this site's own needs number=\"%d\" or above", f.Name, FirstSiteNumber)
		}
		return f
	}
	var err error
	if f.Number, err = strconv.Atoi(a.get("number")); err != nil || f.Number < FirstSiteNumber {
		p.mistake(e, "number=%q of error %s must be a whole number from %d", a.get("number"), f.Name, FirstSiteNumber)
	}
	if f.Text["EN"] == "" {
		p.mistake(e, "error %s has a number but no <text lang=\"EN\">", f.Name)
	}
	return f
}

func (p *parser) texts(e *etree.Element) map[string]string {
	var texts map[string]string
	for _, child := range p.elements(e, []string{"text"}) {
		language := p.attributes(child, "lang").get("lang")
		p.children(child)
		text := strings.TrimSpace(child.Text())
		switch {
		case !languageName.MatchString(language):
			p.mistake(child, "lang=%q must be two capitals, as in CONTEXT.LANGUAGE", language)
		case texts[language] != "":
			p.mistake(child, "second text in %s", language)
		case text == "":
			p.mistake(child, "the text in %s is empty", language)
		default:
			if texts == nil {
				texts = map[string]string{}
			}
			texts[language] = text
		}
	}
	return texts
}
