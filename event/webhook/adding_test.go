package webhook

import (
	"fmt"
	"strings"
	"testing"

	"rator/access"
	"rator/event/delivery"
	"rator/failure"
	"rator/store"
)

// TestAddRefuses: what cannot be told is refused, with what mends it, and leaves nothing.
func TestAddRefuses(t *testing.T) {
	s := newScene(t)
	good := Wanted{URL: "http://127.0.0.1/x", Operator: "every", Topics: patterns(t, "try.made", "try.told"), Secret: publishedSecret}
	s.want(t, good)
	for name, c := range map[string]struct {
		change func(*Wanted)
		code   *failure.Code
		says   string
	}{
		"twice":         {func(n *Wanted) { n.Topics = patterns(t, "try.told", "try.made") }, webhookExists, "is told that already"},
		"no secret":     {func(n *Wanted) { n.Secret = "" }, badWebhook, "the secret is missing"},
		"short secret":  {func(n *Wanted) { n.Secret = "whsec_c2hvcnQ=" }, badWebhook, "24 to 64 bytes, and this one 5"},
		"no topic":      {func(n *Wanted) { n.Topics = nil }, badWebhook, "no topic is named"},
		"unknown":       {func(n *Wanted) { n.Operator = "ghost" }, access.UnknownOperator, `"ghost"`},
		"no right":      {func(n *Wanted) { n.Operator = "nobody" }, mayNotHear, "operator nobody has no right to EVENTS_READ"},
		"other's brand": {func(n *Wanted) { n.Operator, n.Brands = "north", []string{"NORTH", "SOUTH"} }, mayNotHear, `operator north does not work for brand "SOUTH"`},
		"any brand":     {func(n *Wanted) { n.Brands = []string{"*"} }, badWebhook, "name no brand"},
		"whose":         {func(n *Wanted) { n.Operator = "" }, badWebhook, "3 operators may read events; name one of every, north, south"},
	} {
		n := good
		c.change(&n)
		err := s.store.Update(t.Context(), func(tx store.Tx) error { _, err := Add(tx, admin, n); return err })
		if failure.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.view(t, func(tx store.Tx) error {
		all, err := List(tx)
		if len(all) != 1 {
			t.Errorf("%d webhooks", len(all))
		}
		return err
	})
}

// TestOnlyReader: where no operator is named it is the one that may read events.
func TestOnlyReader(t *testing.T) {
	s := newScene(t)
	s.update(t, func(tx store.Tx) error {
		if err := access.Disable(tx, admin, "south"); err != nil {
			return err
		}
		return access.Revoke(tx, admin, "every", access.RightEvents)
	})
	if w := s.add(t, "", "http://127.0.0.1/", "*"); w.Operator != "north" {
		t.Errorf("%+v", w)
	}
	s.update(t, func(tx store.Tx) error { return access.Disable(tx, admin, "north") })
	err := s.store.Update(t.Context(), func(tx store.Tx) error {
		_, err := Add(tx, admin, Wanted{URL: "http://127.0.0.1/2", Topics: patterns(t, "*"), Secret: publishedSecret})
		return err
	})
	if failure.CodeOf(err) != mayNotHear || !strings.Contains(err.Error(), "rator operator grant NAME EVENTS_READ") {
		t.Errorf("%v", err)
	}
}

func TestMostWebhooks(t *testing.T) {
	s := newScene(t)
	for n := range mostWebhooks {
		s.add(t, "every", fmt.Sprintf("http://127.0.0.1/%d", n), "*")
	}
	err := s.store.Update(t.Context(), func(tx store.Tx) error {
		_, err := Add(tx, admin, Wanted{URL: "http://127.0.0.1/more", Operator: "every", Topics: patterns(t, "*"), Secret: publishedSecret})
		return err
	})
	if failure.CodeOf(err) != badWebhook || !strings.Contains(err.Error(), "100 webhooks, which is the most") {
		t.Errorf("%v", err)
	}
}

// TestTargets: where the server may not post is refused when a webhook is made, and again
// when it is told.
func TestTargets(t *testing.T) {
	s := newScene(t)
	for address, code := range map[string]*failure.Code{
		"http://127.0.0.1:99/x": nil, "https://name.invalid/x": nil,
		"": badWebhook, "crm.example.com": badWebhook, "ftp://127.0.0.1/": badWebhook, "http://u:p@127.0.0.1/": badWebhook, "http://127.0.0.1/#x": badWebhook,
		"http://10.0.0.1/": targetDenied, "http://169.254.169.254/latest": targetDenied, "http://[::1]/": targetDenied,
	} {
		if err := s.deliverer.Check(t.Context(), address); failure.CodeOf(err) != code || code != nil && failure.KindOf(err) == failure.Internal {
			t.Errorf("%s: %v", address, err)
		}
	}
	w := s.add(t, "every", "http://10.0.0.1/", "*")
	s.emit(t, "try.made", "NORTH", 1)
	s.run(t)
	until(t, "a failure", func() bool { return s.get(t, w.ID).Attempts == 1 })
	if now := s.get(t, w.ID); now.State != delivery.Active || !strings.Contains(now.Reason, "--hub-allow says where they may be") {
		t.Errorf("%+v", now)
	}
}

// TestDemoOperator: whose password everybody knows is told of nothing but in a demo.
func TestDemoOperator(t *testing.T) {
	for _, demo := range []bool{false, true} {
		s, r := newScene(t), newReceiver(t)
		s.deliverer.config.Demo = demo
		s.update(t, func(tx store.Tx) error {
			_, err := access.Add(tx, admin, access.NewOperator{Name: "demo", Brands: []string{"*"}, Rights: []string{access.RightEvents}, Demo: true})
			return err
		})
		w := s.add(t, "demo", r.URL, "*")
		s.emit(t, "try.made", "NORTH", 1)
		s.run(t)
		if demo {
			r.wants(t, 1)
			continue
		}
		until(t, "the suspension", func() bool { return s.get(t, w.ID).State == delivery.Suspended })
		if now := s.get(t, w.ID); !strings.Contains(now.Reason, "the server is no demo") || r.requests() > 0 {
			t.Errorf("%+v", now)
		}
	}
}

// TestRecorded: what is done to webhooks stands in the audit, and no secret does.
func TestRecorded(t *testing.T) {
	s := newScene(t)
	w := s.add(t, "every", "http://127.0.0.1:99/hidden?key=hidden", "*")
	fresh := DrawSecret()
	s.update(t, func(tx store.Tx) error {
		if _, err := Rotate(tx, admin, w.ID, fresh); err != nil {
			return err
		}
		if _, _, err := Resume(tx, admin, w.ID); err != nil {
			return err
		}
		return Remove(tx, admin, w.ID)
	})
	var done []string
	s.view(t, func(tx store.Tx) error {
		for row, err := range access.RowsOfObject(tx, w.ID, 0) {
			if err != nil {
				return err
			}
			done = append(done, row.Hookpoint)
			if text := fmt.Sprint(row.Notes); strings.Contains(text, publishedSecret[6:]) || strings.Contains(text, fresh[6:]) || strings.Contains(text, "hidden") || !strings.HasPrefix(text, "[127.0.0.1:99") {
				t.Errorf("%+v", row)
			}
		}
		return nil
	})
	if got := strings.Join(done, ", "); got != "webhook add, webhook rotate, webhook resume, webhook remove" {
		t.Error(got)
	}
}
