package convert

import (
	"rator/replay/compare"
	"rator/replay/fixture"
)

// expectedAnswers is the mock service that an exported project keeps the expected
// answers in.
const expectedAnswers = "Expected answers"

// settings reads what an exported scenario has that SoapUI has no word for.
func (c *testCase) settings(properties *compare.Node) {
	for property := range properties.Elements() {
		if content(property.First("name")) != settingsProperty {
			continue
		}
		own, err := fixture.ParseConfig(c.file, []byte(content(property.First("value"))))
		if err != nil {
			c.left(property, c.where, "the property %s cannot be read: %v", settingsProperty, err)
			continue
		}
		c.own = true
		f := &c.folder.Config
		f.Path, f.Compare, f.Tokens, f.Ignore, f.Server = own.Path, own.Compare, own.Tokens, own.Ignore, own.Server
		f.Capture, f.Expect = append(f.Capture, own.Capture...), append(f.Expect, own.Expect...)
	}
}
