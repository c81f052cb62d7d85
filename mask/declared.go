package mask

import (
	"strings"
	"unicode"

	"rator/workflow/contract"
)

// Declared are the names of all that some contracts mark secret, at any depth. A name
// is found however it is written: TAX_ID is taxId and tax-id too.
type Declared struct{ names map[string]bool }

// DeclaredBy collects them.
func DeclaredBy(contracts []*contract.Contract) *Declared {
	d := &Declared{names: map[string]bool{}}
	for _, c := range contracts {
		d.collect(c.Request)
		d.collect(c.Response)
	}
	return d
}

func (d *Declared) collect(values []*contract.Value) {
	for _, v := range values {
		if v.Secret != contract.NotSecret {
			d.names[plainName(v.Key)] = true
		}
		d.collect(v.Values)
	}
}

func (d *Declared) has(name string) bool { return d != nil && d.names[plainName(name)] }

// plainName is a name without case and without what is neither letter nor digit.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// isPlain reports whether a name is letters of ASCII and digits only.
func isPlain(name string) bool {
	for i := range len(name) {
		if c := name[i]; !isUpper(c) && !isLower(c) && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func (m *Masker) declaredNow() *Declared {
	if m.declared == nil {
		return nil
	}
	return m.declared()
}
