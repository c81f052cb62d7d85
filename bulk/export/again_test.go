package export_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/billing/ledger"
	"rator/bulk/export"
	"rator/bulk/load"
	"rator/catalogue"
	"rator/customer"
	"rator/replay"
	"rator/replay/fixture"
	"rator/server"
	"rator/server/scratch"
	"rator/server/servertest"
	"rator/store"
	"rator/tmf/resource"
	"rator/workflow"
	"rator/workflow/contract"
	"rator/workflow/value"
)

func TestMain(m *testing.M) { servertest.Main(m) }

// TestExportsComeBack plays every recorded scenario, makes more customers over TM Forum, and
// loads what an export of each store has into a store that has the same catalogue and nobody: each
// hookpoint that reads answers the same of every customer there, TM Forum shows the same
// with the same tags, the store is in order, and an export of it is the same to the letter.
func TestExportsComeBack(t *testing.T) {
	found, err := fixture.Find(fixture.Options{}, servertest.Scenarios)
	if err != nil {
		t.Fatal(err)
	}
	seen := &kinds{all: map[string]int{}}
	player := &replay.Player{Target: comparing{servertest.Target(), t, seen}, Sink: servertest.Complaining{T: t}}
	if _, err := player.Play(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	writtenOverTMForum(t, seen)
	for _, kind := range kindNames {
		if seen.all[kind] == 0 {
			t.Errorf("no customer was seen that is of the kind: %s", kind)
		}
	}
	for _, c := range servertest.ShippedSet(t).Contracts() {
		if c.Reads && !c.Internal && seen.all[c.Hookpoint] == 0 && !slices.Contains(aboutNobody, c.Hookpoint) {
			t.Errorf("%s was not asked", c.Hookpoint)
		}
	}
}

// comparing is a target whose servers are compared with one that loads what they export.
type comparing struct {
	*scratch.Target
	t    *testing.T
	seen *kinds
}

func (c comparing) Begin(ctx context.Context, s *fixture.Scenario) (replay.Session, error) {
	plan, err := c.Plan(ctx, s.Config.Server)
	if err != nil {
		return nil, err
	}
	session, err := c.Target.Begin(ctx, s)
	if err != nil {
		return nil, err
	}
	return compared{session, func() {
		a := session.(*scratch.Session).Server
		b, err := plan.Start(c.Dir)
		if err != nil {
			c.t.Error(err)
			return
		}
		now := a.Now()
		b.Clock.Store(&now)
		(&comparison{c.t, s.Name, a, b, c.seen}).run()
		if err := b.End(context.Background()); err != nil {
			c.t.Errorf("%s, loaded: %v", s.Name, err)
		}
	}}, nil
}

type compared struct {
	replay.Session
	look func()
}

func (s compared) Close() error {
	s.look()
	return s.Session.Close()
}

// comparison is of a store and one that has what was exported of it.
type comparison struct {
	*testing.T
	name string
	a, b *scratch.Server
	seen *kinds
}

func (c *comparison) run() {
	before := c.exported(c.a, true)
	copyCatalogue(c.T, c.a.Store, c.b.Store)
	if err := loaded(c.T, c.b.Store, before); err != nil {
		c.Errorf("%s: %v\nin %.2000s", c.name, err, before)
		return
	}
	if diff := cmp.Diff(lines(before), lines(c.exported(c.b, true))); diff != "" {
		c.Errorf("%s: an export of what was loaded differs (-before +after):\n%s", c.name, diff)
	}
	c.compareAnswers()
	c.compareTMF()
	if diff := cmp.Diff(lines(c.exported(c.a, false)), lines(c.exported(c.b, false))); diff != "" {
		c.Errorf("%s: without secrets (-before +after):\n%s", c.name, diff)
	}
}

func contains(text, part string) bool { return strings.Contains(text, part) }

func lines(ndjson []byte) []string {
	return strings.Split(strings.TrimSuffix(string(ndjson), "\n"), "\n")[:bytes.Count(ndjson, []byte("\n"))]
}

func (c *comparison) exported(s *scratch.Server, secrets bool) []byte {
	var out bytes.Buffer
	if _, err := (&export.Query{PasswordHashes: secrets}).Write(context.Background(), s.Store, &out); err != nil {
		c.Errorf("%s: %v", c.name, err)
	}
	return out.Bytes()
}

// loaded has a store take lines in.
func loaded(t *testing.T, st store.Store, ndjson []byte) error {
	if len(ndjson) == 0 {
		return nil
	}
	var mistakes []string
	job := &load.Job{
		Store: st, Dir: t.TempDir(), Who: "test", Face: "command", Jobs: 2, Group: 3, Mistakes: 5,
		Inputs:   []load.Input{{Name: "export.ndjson", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(ndjson)), nil }}},
		Mistake:  func(m load.Mistake) { mistakes = append(mistakes, m.String()) },
		Progress: func(store.Progress) {},
	}
	r, err := job.Do(context.Background())
	if err == nil && (len(mistakes) > 0 || r.Written != int64(len(lines(ndjson)))) {
		err = fmt.Errorf("%d customers were written, and these are wrong: %s", r.Written, strings.Join(mistakes, "\n"))
	}
	return err
}

// aboutNobody are the hookpoints that read and say nothing of customers, and the two that
// say what is compared elsewhere: who has which password, and the line itself.
var aboutNobody = []string{
	"SOAP_AUTHENTICATE_OPERATOR", "SOAP_GET_CAMPAIGNS", "SOAP_GET_OPTIONS_FOR_RATE_PLAN", "SOAP_MANAGE_DEVICE", "SOAP_PERFORM_CSA_CHECK", "SOAP_PREVIEW_TAXES",
	"SOAP_GET_WEB_USER_PROFILE", "SOAP_EXPORT_PERSON",
}

// compareAnswers asks both stores everything that each hookpoint may be asked of each
// customer.
func (c *comparison) compareAnswers() {
	for _, w := range c.customers() {
		named := c.names(w)
		for _, h := range c.a.Registry.Current().Contracts() {
			if !h.Reads || h.Internal || slices.Contains(aboutNobody, h.Hookpoint) {
				continue
			}
			for _, values := range questions(h, named) {
				c.seen.note(h.Hookpoint)
				c.compareAnswer(w, h.Hookpoint, values)
			}
		}
		c.seen.look(w, c.books(w))
	}
}

// questions are what a hookpoint may be asked with the names of a customer: each by itself.
func questions(h *contract.Contract, named map[string][]string) (all []value.Tree) {
	for _, v := range h.Request {
		for _, name := range named[v.Key] {
			all = append(all, value.Tree{value.OfString(v.Key, name)})
		}
	}
	if len(all) == 0 {
		return []value.Tree{nil}
	}
	return all
}

func (c *comparison) compareAnswer(w *customer.Whole, hookpoint string, values value.Tree) {
	values = append(values, value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword),
		value.OfString("BRAND_KEY", w.Account.Brand)))
	var texts [2]string
	for i, s := range []*scratch.Server{c.a, c.b} {
		r, err := s.Engine.Invoke(context.Background(), workflow.Request{Hookpoint: hookpoint, Values: values})
		if err != nil {
			c.Errorf("%s: %s: %v", c.name, hookpoint, err)
			return
		}
		answer := slices.DeleteFunc(slices.Clone(r.Values), func(e value.Entry) bool { return e.Key == "REQUEST_ID" })
		texts[i] = fmt.Sprintf("%d %s\n%v", r.ErrorCode, r.ErrorMessage, answer)
	}
	if texts[0] != texts[1] {
		c.Errorf("%s: %s %v answers another thing (-before +after):\n%s", c.name, hookpoint, values[:len(values)-1], cmp.Diff(texts[0], texts[1]))
	}
}

// compareTMF asks both stores for everything of each customer, in each dialect.
func (c *comparison) compareTMF() {
	var paths []string
	const v2014, v3, v4 = "/customerManagement", "/tmf-api/customerManagement/v3", "/tmf-api/customerManagement/v4"
	for _, w := range c.customers() {
		if w.Account.Brand != server.DemoBrand {
			continue
		}
		for _, base := range []string{v2014, v3, v4} {
			paths = append(paths, base+"/customer/c"+w.Account.ID.String())
		}
		for _, g := range w.BillingGroups {
			paths = append(paths, v2014+"/customerAccount/ca"+g.ID.String(), v2014+"/paymentMean/pm"+g.ID.String())
		}
		for _, r := range w.RechargeTickets {
			paths = append(paths, v2014+"/paymentMean/pm"+r.ID.String())
		}
		c.view(func(tx store.Tx) error {
			written, err := resource.WrittenOf(tx, w.Account.ID)
			if err == nil {
				for _, m := range written[0].PaymentMeans {
					c.seen.note("a payment mean that a client made")
					paths = append(paths, v2014+"/paymentMean/pm"+m.ID.String())
				}
				if len(written[0].Overlays) > 0 {
					c.seen.note("what a client wrote over TM Forum")
				}
			}
			return err
		})
	}
	if len(paths) > 0 {
		paths = append(paths, v2014+"/customer?limit=100", v3+"/customer?limit=100", v4+"/customer?limit=100")
	}
	for _, path := range paths {
		var texts [2]string
		for i, s := range []*scratch.Server{c.a, c.b} {
			r := httptest.NewRequest("GET", path, nil)
			r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, r)
			texts[i] = fmt.Sprintf("%d %s %s\n%s", w.Code, w.Header().Get("ETag"), w.Header().Get("Last-Modified"), w.Body)
		}
		if texts[0] != texts[1] {
			c.Errorf("%s: GET %s answers another thing (-before +after):\n%s", c.name, path, cmp.Diff(texts[0], texts[1]))
		}
	}
}

func (c *comparison) view(fn func(store.Tx) error) {
	if err := c.a.Store.View(context.Background(), fn); err != nil {
		c.Errorf("%s: %v", c.name, err)
	}
}

func (c *comparison) customers() (all []*customer.Whole) {
	c.view(func(tx store.Tx) error {
		ids, _, err := customer.AccountsAfter(tx, "", 0, 1<<20)
		if err == nil {
			all, err = customer.LoadEach(tx, ids)
		}
		return err
	})
	return all
}

func (c *comparison) books(w *customer.Whole) (books *ledger.Books) {
	c.view(func(tx store.Tx) (err error) {
		var groups []store.ID
		for _, g := range w.BillingGroups {
			groups = append(groups, g.ID)
		}
		books, err = ledger.BooksOf(tx, w.Account.ID, groups)
		return err
	})
	return books
}

// names are what calls may name of a customer, by the keys they name it under.
func (c *comparison) names(w *customer.Whole) map[string][]string {
	named := map[string][]string{"ACCOUNT_ID": {w.Account.ID.String()}, "CUSTOMER_NUMBER": {w.Account.CustomerNumber}}
	add := func(key, name string) {
		if name != "" {
			named[key] = append(named[key], name)
		}
	}
	for _, u := range w.Users {
		add("USER_ID", u.ID.String())
		add("USERNAME", u.Username)
		add("EMAIL", u.Email)
		add("NAME", u.LastName)
		add("PERSONAL_ID", u.PersonalID)
	}
	for _, g := range w.BillingGroups {
		add("BILLING_GROUP_ID", g.ID.String())
	}
	for _, s := range w.Subscriptions {
		add("SUBSCRIPTION_ID", s.ID.String())
		add("SHARED_SERVICE_ID", s.ID.String())
	}
	for _, s := range w.Services {
		add("SHARED_SERVICE_ID", s.ID.String())
		add("MSISDN", s.Number)
		add("PHONE_NUMBER", s.Number)
	}
	for _, i := range c.books(w).Invoices {
		add("INVOICE_ID", i.ID.String())
	}
	return named
}

// kinds counts the customers of each kind, and the calls of each hookpoint.
type kinds struct {
	mu  sync.Mutex
	all map[string]int
}

func (k *kinds) note(what string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all[what]++
}

// copyCatalogue gives a store the catalogue of another: what a scenario changed of it too.
func copyCatalogue(t *testing.T, from, to store.Store) {
	var text []byte
	err := from.View(context.Background(), func(tx store.Tx) (err error) {
		text, err = catalogue.Export(tx)
		return err
	})
	file, mistakes := catalogue.Load("exported.toml", text)
	if err == nil && len(mistakes) == 0 {
		err = to.Update(context.Background(), func(tx store.Tx) error {
			_, err := catalogue.Import(tx, file)
			return err
		})
	}
	if err != nil || len(mistakes) > 0 {
		t.Errorf("the catalogue cannot be copied: %v %v", err, mistakes)
	}
}
