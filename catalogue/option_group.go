package catalogue

import "rator/store"

// OptionGroup gives the one option of that id as OptionsOf gives it: nothing when
// the rate plan does not sell it. An id that the brand does not have is
// UNKNOWN_PRODUCT_OPTION.
func OptionGroup(tx store.Tx, brand *Brand, plan *RatePlan, id string) ([]*Option, error) {
	if _, err := OptionByID(tx, brand, id); err != nil {
		return nil, err
	}
	top, err := OptionsOf(tx, brand, plan)
	if err != nil {
		return nil, err
	}
	for _, o := range flat(top) {
		if o.CatalogueID == id {
			return []*Option{o}, nil
		}
	}
	return nil, nil
}
