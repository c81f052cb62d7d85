package scratch

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"rator/catalogue"
	"rator/store"
)

// setBrand gives a brand another setting, as an import of its catalogue does:
// brand TEST back_dated_days 10. Text stands in quotes.
func setBrand(ctx context.Context, s *Server, argument string) error {
	key, setting, _ := strings.Cut(argument, " ")
	setting, value, _ := strings.Cut(setting, " ")
	return s.Store.Update(ctx, func(tx store.Tx) error {
		kept, err := catalogue.Export(tx)
		if err != nil {
			return err
		}
		changed, err := WithSetting(string(kept), key, setting, value)
		if err != nil {
			return err
		}
		f, mistakes := catalogue.Load("the catalogue with "+argument, []byte(changed))
		if len(mistakes) > 0 {
			return errors.New(mistakes[0].String())
		}
		_, err = catalogue.Import(tx, f)
		return err
	})
}

// WithSetting is a catalogue in which a brand has a setting, instead of the one it
// had.
func WithSetting(text, key, setting, value string) (string, error) {
	brands := strings.Split(text, "[[brand]]")
	for i, brand := range brands {
		own, rest, others := strings.Cut(brand, "\n[[")
		if !strings.Contains(own, fmt.Sprintf("\nkey = %q\n", key)) {
			continue
		}
		own = regexp.MustCompile(`(?m)^`+regexp.QuoteMeta(setting)+` = .*\n`).ReplaceAllString(own, "")
		own = strings.TrimRight(own, "\n") + fmt.Sprintf("\n%s = %s\n", setting, value)
		if others {
			own += "\n[[" + rest
		}
		brands[i] = own
		return strings.Join(brands, "[[brand]]"), nil
	}
	return "", fmt.Errorf("there is no brand %q", key)
}
