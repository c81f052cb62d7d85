package convert

import (
	"errors"
	"testing"

	"rator/replay/fixture"
)

// TestAFaultOfTheImportHasItsPlace: a panic is an error of the file.
func TestAFaultOfTheImportHasItsPlace(t *testing.T) {
	read := func() (i *Import, err error) {
		at := &reading{}
		defer at.caught("project.xml", &i, &err)
		i, at.line, at.where = &Import{}, 7, "suite/case/step"
		var none []int
		return i, errors.Join(errors.New("never"), errors.New(string(rune(none[at.line]))))
	}
	i, err := read()
	const want = "project.xml:7: the import itself failed at suite/case/step (runtime error: index out of range [7] with length 0); take this part out to import the rest, and report it"
	var mistake *fixture.Error
	if i != nil || !errors.As(err, &mistake) || err.Error() != want {
		t.Errorf("%+v, %v", i, err)
	}
}
