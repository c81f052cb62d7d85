package scratch

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/catalogue"
	"rator/customer"
	"rator/replay"
	"rator/server"
	"rator/store"
	"rator/workflow"
)

// deeds are what a line of a .do file can say, a word and its argument: what
// happens beside the calls. Time passes, an administrator acts, a mailer reads an
// event.
var deeds = map[string]func(ctx context.Context, s *Server, argument string) (*replay.DeedAnswer, error){
	"clock":         quiet(setClock),
	"billing-run":   quiet(BillingRun),
	"run-due":       quiet(runDueNow),
	"charge":        quiet(charge),
	"terminate":     quiet(ending(customer.TerminateSubscription)),
	"close-account": quiet(ending(customer.CloseAccount)),
	"brand":         quiet(setBrand),
	"event":         lastEvent,
}

func quiet(do func(context.Context, *Server, string) error) func(context.Context, *Server, string) (*replay.DeedAnswer, error) {
	return func(ctx context.Context, s *Server, argument string) (*replay.DeedAnswer, error) {
		return nil, do(ctx, s, argument)
	}
}

func (s *Server) deed(ctx context.Context, line string) (*replay.DeedAnswer, error) {
	if err := isDeed(line); err != nil {
		return nil, err
	}
	word, argument, _ := strings.Cut(line, " ")
	answer, err := deeds[word](ctx, s, strings.TrimSpace(argument))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", word, err)
	}
	return answer, nil
}

// isDeed says what is wrong with the word of a line; nil when it is a deed.
func isDeed(line string) error {
	word, _, _ := strings.Cut(line, " ")
	if deeds[word] == nil {
		return fmt.Errorf("there is no deed %q; there are %s", word, strings.Join(slices.Sorted(maps.Keys(deeds)), ", "))
	}
	return nil
}

// setClock sets the server's clock: clock 2026-02-03T04:05:06Z.
func setClock(_ context.Context, s *Server, argument string) error {
	now, err := time.Parse(time.RFC3339, argument)
	if err == nil {
		s.Clock.Store(&now)
	}
	return err
}

// BillingRun makes a billing run of all brands, after what is due, and says how many
// accounts are to be refused when some are: billing-run 2026-02-01, or
// billing-run 2026-02-01 2.
func BillingRun(ctx context.Context, s *Server, argument string) error {
	text, refused, _ := strings.Cut(argument, " ")
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return err
	}
	engine := func() (*workflow.Engine, func(), error) { return s.Engine, func() {}, nil }
	report, err := server.NewBillingRun(s.Store, day, engine, func(server.DueOutcome) {}).Do(ctx, s.Store)
	if err == nil && fmt.Sprint(report.Refused) != cmp.Or(refused, "0") {
		err = fmt.Errorf("%d accounts were refused: %s", report.Refused, strings.Join(report.Reasons, "; "))
	}
	return err
}

// runDueNow runs what is due and says how many are to be done, refused and failed:
// run-due 1 0 0.
func runDueNow(ctx context.Context, s *Server, argument string) error {
	report, err := server.RunDue(ctx, s.Engine, server.AsOf{}, func(server.DueOutcome) {})
	if err != nil {
		return err
	}
	if got := fmt.Sprintf("%d %d %d", report.Done, report.Refused, report.Failed); argument != "" && got != argument {
		return fmt.Errorf("%s were done, refused and failed, not %s", got, argument)
	}
	return nil
}

// charge charges a billing group of brand DEMO: charge GROUP 12.50.
func charge(ctx context.Context, s *Server, argument string) error {
	group, amount, _ := strings.Cut(argument, " ")
	return s.ofBrand(ctx, server.DemoBrand, group, func(tx store.Tx, demo *catalogue.Brand, id store.ID) error {
		price, err := decimal.NewFromString(amount)
		if err != nil {
			return err
		}
		_, err = billing.AddCharge(tx, demo, billing.NewCharge{Group: id, ChargeItem: "FEE", Amount: &price})
		return err
	})
}

// ending ends a thing of a brand: terminate DEMO ID.
func ending[T any](end func(store.Tx, *catalogue.Brand, store.ID) (T, error)) func(context.Context, *Server, string) error {
	return func(ctx context.Context, s *Server, argument string) error {
		brand, id, _ := strings.Cut(argument, " ")
		return s.ofBrand(ctx, brand, id, func(tx store.Tx, b *catalogue.Brand, id store.ID) error {
			_, err := end(tx, b, id)
			return err
		})
	}
}

func (s *Server) ofBrand(ctx context.Context, brand, id string, fn func(store.Tx, *catalogue.Brand, store.ID) error) error {
	thing, err := store.ParseID(id)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		b, err := catalogue.BrandByKey(tx, brand)
		if err != nil {
			return err
		}
		return fn(tx, b, thing)
	})
}

// eventPatience is longer than a store tries anything.
const eventPatience = 15 * time.Second

// lastEvent makes what the newest event of a topic says the answer of a step:
// event 03 user.new_password.
func lastEvent(ctx context.Context, s *Server, argument string) (*replay.DeedAnswer, error) {
	step, topic, _ := strings.Cut(argument, " ")
	if s.told != nil {
		if err := s.told.WaitForEvents(ctx, eventPatience); err != nil {
			return nil, err
		}
	}
	var body []byte
	err := s.Store.View(ctx, func(tx store.Tx) error {
		body = nil
		for after := int64(0); ; {
			events, err := tx.EventsAfter(after, 1000)
			if err != nil || len(events) == 0 {
				return err
			}
			for _, e := range events {
				after = e.Cursor
				if e.Topic == topic {
					body = e.Body
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	if body == nil {
		return nil, errors.New("there is no event " + topic)
	}
	var said map[string]any
	if err := json.Unmarshal(body, &said); err != nil {
		return nil, err
	}
	answer := &replay.DeedAnswer{Step: step, Values: map[string]string{}}
	for key, x := range said {
		if text, ok := x.(string); ok {
			answer.Values[key] = text
		}
	}
	return answer, nil
}
