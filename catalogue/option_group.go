package catalogue

import "rator/store"

// OptionGroup gives the one option of that id or key as OptionsOf gives it: nothing when
// the rate plan does not sell it. One that the brand does not have is
// UNKNOWN_PRODUCT_OPTION.
func OptionGroup(tx store.Tx, brand *Brand, plan *RatePlan, name string) ([]*Option, error) {
	wanted, err := OptionNamed(tx, brand, name)
	if err != nil {
		return nil, err
	}
	top, err := OptionsOf(tx, brand, plan)
	if err != nil {
		return nil, err
	}
	for _, o := range flat(top) {
		if o.CatalogueID == wanted.CatalogueID {
			return []*Option{o}, nil
		}
	}
	return nil, nil
}
