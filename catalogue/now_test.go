package catalogue_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"rator/catalogue"
	"rator/store"
)

// TestImportInTheMiddleOfCalls: a call that has begun sees one catalogue to its end, and
// the next one sees what was imported meanwhile, in what it asks for by every way.
func TestImportInTheMiddleOfCalls(t *testing.T) {
	s := openDemo(t)
	const cheap, dear = `credit_days = 14`, `credit_days = 21`
	next := strings.Replace(string(catalogue.Demo()), cheap, dear, 1)
	next = strings.Replace(next, "max_subscriptions = 10", "max_subscriptions = 7", 1)
	sees := func(days, subscriptions int) func(store.Tx) error {
		return func(tx store.Tx) error {
			for range 2 {
				b, err := catalogue.BrandByKey(tx, "DEMO")
				if err != nil {
					return err
				}
				first, err := catalogue.FirstBrand(tx)
				if err != nil {
					return err
				}
				p, err := catalogue.ProductConfigNamed(tx, b, "POST_PAID")
				if err != nil {
					return err
				}
				listed, err := catalogue.ListProductConfigs(tx, b)
				if err != nil {
					return err
				}
				got := fmt.Sprint(b.MaxSubscriptions, first.MaxSubscriptions, p.CreditDays, listed[0].CreditDays)
				if want := fmt.Sprint(subscriptions, subscriptions, days, days); got != want {
					return fmt.Errorf("sees %s, want %s", got, want)
				}
				b.MaxSubscriptions, p.CreditDays = 99, 99 // which is his own
				p.ServiceTypes[0] = "MINE"
			}
			return nil
		}
	}
	now := func(fn func(store.Tx) error) error {
		return errors.Join(s.View(context.Background(), fn), s.Look(context.Background(), fn))
	}
	err := s.View(context.Background(), func(tx store.Tx) error {
		if err := errors.Join(sees(14, 10)(tx), now(sees(14, 10))); err != nil {
			return err
		}
		imported := make(chan error)
		f := load(t, next)
		go func() {
			imported <- s.Update(context.Background(), func(tx store.Tx) error {
				undone := tx.Savepoint(func() error {
					_, err := catalogue.Import(tx, f)
					return errors.Join(err, sees(21, 7)(tx), context.Canceled)
				})
				if !errors.Is(undone, context.Canceled) || undone.Error() != context.Canceled.Error() {
					return undone
				}
				_, err := catalogue.Import(tx, f)
				return errors.Join(sees(14, 10)(tx.Before()), err, sees(21, 7)(tx), now(sees(14, 10)))
			})
		}()
		return errors.Join(<-imported, now(sees(21, 7)), sees(14, 10)(tx))
	})
	if err := errors.Join(err, now(sees(21, 7))); err != nil {
		t.Error(err)
	}
}
