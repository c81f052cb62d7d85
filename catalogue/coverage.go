package catalogue

import "rator/store"

// Coverage is a row of the coverage table: whether the network reaches a zip
// code, or all that start alike (rator-api.md 3.3, SOAP_PERFORM_CSA_CHECK). The
// longest start counts.
type Coverage struct {
	Entry
	ZIP string `key:"ZIP"` // a zip code or the start of some; capitals and digits
	CSA string `key:"CSA"` // the carrier's service area
	// NoCoverage makes a hole in a wider row.
	NoCoverage bool `key:"NO_COVERAGE"`
}

// coverages are the rows of the coverage table kept.
var coverages = define[Coverage]("coverage", NoCoverage)

func (v *Coverage) code() string { return v.ZIP }

// CoverageOf finds what covers a zip code, spaces and dashes aside. It fails with
// NO_COVERAGE when nothing does.
func CoverageOf(tx store.Tx, brand *Brand, zip string) (*Coverage, error) {
	v, err := longestStart(tx, coverages, NoCoverage, brand, plainZIP(zip))
	if err != nil {
		return nil, err
	}
	if v.NoCoverage {
		return nil, NoCoverage.With("%s", plainZIP(zip))
	}
	return v, nil
}

func (v *Coverage) check(c *checker, _ *Offer) {
	e := &v.Entry
	c.named(e)
	c.match(e, "zip", v.ZIP, zipStart, zipRule)
	switch {
	case !v.NoCoverage:
		c.code(e, "csa", v.CSA)
	case e.source.has("csa"):
		c.mistake(e, "csa", "csa is for covered zip codes only")
	}
}
