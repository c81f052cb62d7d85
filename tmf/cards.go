package tmf

import (
	"strconv"

	"rator/customer"
)

// refuseCards fails with a *Problem when a text, number or name in an attribute
// looks like the number of a payment card (security.md, "Card data"). Phone
// numbers in contact media may look like one.
func refuseCards(m Member, path string) error {
	if customer.HoldsCardNumber(m.Name) {
		return cardRefused("an attribute's name")
	}
	return cardsIn(m.Value, path, m.Name == "contactMedium")
}

func cardsIn(v Value, path string, inMedium bool) error {
	switch v.kind {
	case String, Number:
		if customer.HoldsCardNumber(v.text) {
			return cardRefused(path)
		}
	case Array:
		for i, item := range v.items {
			if err := cardsIn(item, path+"["+strconv.Itoa(i)+"]", inMedium); err != nil {
				return err
			}
		}
	case Object:
		for _, m := range v.members {
			if inMedium && m.Value.kind == String && (m.Name == "number" || m.Name == "phoneNumber" || m.Name == "faxNumber") {
				continue
			}
			if customer.HoldsCardNumber(m.Name) {
				return cardRefused("an attribute's name in " + path)
			}
			if err := cardsIn(m.Value, path+"."+m.Name, inMedium); err != nil {
				return err
			}
		}
	}
	return nil
}

func cardRefused(where string) *Problem {
	return UnknownValue.With("%s: %s: %s", where, customer.CardNumberRefused.Name, customer.CardNumberRefused.TextIn("EN"))
}
