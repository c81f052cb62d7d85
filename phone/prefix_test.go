package phone_test

import (
	"fmt"
	"regexp"
	"testing"

	numbers "github.com/nyaruka/phonenumbers"
)

// TestNoInternationalPrefixBeginsAsTheCallingCode holds what Read relies on: digits that
// begin with a country's own calling code are behind none of its international prefixes.
func TestNoInternationalPrefixBeginsAsTheCallingCode(t *testing.T) {
	t.Parallel()
	all, err := numbers.MetadataCollection()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, country := range all.GetMetadata() {
		if country.GetInternationalPrefix() == "" {
			continue
		}
		seen++
		prefix := regexp.MustCompile("^(?:" + country.GetInternationalPrefix() + ")")
		for rest := range 10_000 {
			if digits := fmt.Sprintf("%d%04d", country.GetCountryCode(), rest); prefix.MatchString(digits) {
				t.Errorf("%s, calling code %d: %s is behind an international prefix", country.GetId(), country.GetCountryCode(), digits)
				break
			}
		}
	}
	if seen < 200 {
		t.Errorf("only %d countries", seen)
	}
}
