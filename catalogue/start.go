package catalogue

import (
	"rator/failure"
	"rator/store"
)

// longestStart finds the object whose code is the longest start of text: the
// tables of devices and coverage name single things and whole ranges alike. What
// is retired is passed over. When there is none it fails with unknown.
func longestStart[T any, P thing[T]](tx store.Tx, kind *store.Kind[T], unknown *failure.Code, brand *Brand, text string) (*T, error) {
	for n := len(text); n > 0; n-- {
		x, err := findByCode[T, P](tx, kind, brand, text[:n])
		switch {
		case failure.CodeOf(err) == unknown:
		case err != nil:
			return nil, err
		case !P(x).entry().Retired:
			return x, nil
		}
	}
	return nil, unknown.With("%s", text)
}
