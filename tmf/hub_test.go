package tmf_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/event/delivery"
	"rator/server/servertest"
	"rator/store"
	"rator/tmf"
	"rator/tmf/hub"
)

// hubServer is a server whose changes are emitted by the test, as the business
// does it.
type hubServer struct {
	*server
	store  store.Store
	config hub.Config
	hubs   *hub.Hubs
}

// hubConfig is what the hubs of a test and their client are made of.
type hubConfig struct {
	hub.Config
	delivery.ClientConfig
}

func newHubServer(t *testing.T, allow []string, edit ...func(*hubConfig)) *hubServer {
	t.Helper()
	st := servertest.Store(t, time.Now)
	t.Cleanup(func() { st.Close() })
	file, _ := catalogue.Load("demo.toml", catalogue.Demo())
	err := st.Update(t.Context(), func(tx store.Tx) error {
		if _, err := catalogue.Import(tx, file); err != nil {
			return err
		}
		return addOperator(tx, "demo", "TMF_*")
	})
	if err != nil {
		t.Fatal(err)
	}
	targets, err := delivery.NewTargets(allow, len(allow) == 0)
	if err != nil {
		t.Fatal(err)
	}
	c := hubConfig{
		Config: hub.Config{
			Store: st, Log: slog.New(slog.DiscardHandler), Every: 5 * time.Millisecond,
			Backoff: func(int) time.Duration { return time.Millisecond },
		},
		ClientConfig: delivery.ClientConfig{Targets: targets},
	}
	for _, e := range edit {
		e(&c)
	}
	c.Client = delivery.NewClient(c.ClientConfig)
	s := &hubServer{store: st, config: c.Config}
	if s.hubs, err = hub.New(c.Config); err != nil {
		t.Fatal(err)
	}
	s.server = newServer(t, func(c *tmf.Config) {
		c.Hubs = s.hubs
		behind := access.NewReadBehind(access.ReadBehindConfig{Store: st, Log: slog.New(slog.DiscardHandler)})
		t.Cleanup(behind.Close)
		c.Gate = newGate(t, st, behind, time.Now)
	})
	return s
}

// run has the hubs told until the test ends, or stop is called.
func (s *hubServer) run(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); s.hubs.Run(ctx) }()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// emit keeps a change, with the documents that clients see; fields are those that an update
// changed in every dialect.
func (s *hubServer) emit(t *testing.T, resource, id, what string, fields ...string) {
	t.Helper()
	shown, changed := map[string]string{}, map[string][]string{}
	for dialect, base := range map[string]string{"2014": v2014, "v3": v3, "v4": v4} {
		changed[dialect] = fields
		if a := s.do(t, "GET", base+"/"+resource+"/"+id, ""); a.status == http.StatusOK {
			shown[dialect] = a.body
		}
	}
	change := map[string]store.Change{"created": store.Created, "updated": store.Updated}[what]
	s.keep(t, resource, id, "DEMO", change, changed, shown)
}

func (s *hubServer) keep(t *testing.T, resource, id, brand string, what store.Change, fields map[string][]string, shown map[string]string) {
	t.Helper()
	err := s.store.Update(t.Context(), func(tx store.Tx) error {
		return tmf.KeepChange(tx, resource, id, brand, what, fields, shown)
	})
	if err != nil {
		t.Error(err)
	}
}

func (s *hubServer) emitDeleted(t *testing.T, resource, id, brand, dialect, document string) {
	t.Helper()
	s.keep(t, resource, id, brand, store.Deleted, nil, map[string]string{dialect: document})
}

func (s *hubServer) register(t *testing.T, path, callback, query string) answer {
	t.Helper()
	a := s.do(t, "POST", path, fmt.Sprintf(`{"callback":%q,"query":%q}`, callback, query))
	if a.status != 201 {
		t.Fatalf("POST %s: %d %s", path, a.status, a.body)
	}
	return a
}

func (s *hubServer) state(t *testing.T) (all []*hub.Hub) {
	t.Helper()
	if err := s.store.View(t.Context(), func(tx store.Tx) (err error) {
		all, err = hub.List(tx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// listener keeps what it was sent.
type listener struct {
	*httptest.Server
	mu   sync.Mutex
	got  []answer
	deal func(n int, w http.ResponseWriter) // n from 0
}

func listen(t *testing.T, deal func(n int, w http.ResponseWriter)) *listener {
	l := &listener{deal: deal}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		l.mu.Lock()
		n := len(l.got)
		l.got = append(l.got, answer{0, r.Header, string(body)})
		l.mu.Unlock()
		if l.deal != nil {
			l.deal(n, w)
			return
		}
		w.WriteHeader(201)
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *listener) heard() []answer {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.got[:len(l.got):len(l.got)]
}

// wait gives the first n notifications.
func (l *listener) wait(t *testing.T, n int) []answer {
	t.Helper()
	until(t, fmt.Sprintf("%d notifications", n), func() bool { return len(l.heard()) >= n })
	return l.heard()
}

func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not come", what)
		}
	}
}

func TestHubRegistration(t *testing.T) {
	s := newHubServer(t, nil)
	for _, base := range []string{v2014, "/customerManagement/v1", v3, v4} {
		for _, path := range []string{base + "/hub", base + "/customer/hub", base + "/customer/hub/"} {
			callback := "http://127.0.0.1:9/" + strings.ReplaceAll(path, "/", "-")
			a := s.do(t, "POST", path, fmt.Sprintf(`{"callback":%q}`, callback))
			id := a.member(t, "id")
			a.want(t, 201, fmt.Sprintf(`{"id":%q,"callback":%q,"query":null}`, id, callback))
			if got := a.header.Get("Location"); got != "http://tmf.example:8080"+strings.TrimSuffix(path, "/")+"/"+id {
				t.Errorf("Location %s", got)
			}
			own := strings.TrimSuffix(path, "/") + "/" + id
			s.do(t, "GET", own, "").want(t, 200, a.body)
			if list := s.do(t, "GET", path, ""); list.status != 200 || !strings.Contains(list.body, a.body) {
				t.Errorf("%v", list)
			}
			again := s.do(t, "POST", path, fmt.Sprintf(`{"callback":%q,"query":null}`, callback))
			if base == v4 {
				again.refused(t, 409, "4090", id)
			} else {
				again.want(t, 201, a.body)
			}
			if d := s.do(t, "DELETE", own, ""); d.status != 204 || d.body != "" || (d.header.Get("Content-Type") != "") != (base == v3) {
				t.Errorf("%v", d)
			}
			s.do(t, "DELETE", own, "").refused(t, 404, "4041")
			s.do(t, "GET", own, "").refused(t, 404, "4041")
		}
	}
	s.do(t, "PUT", v2014+"/customer/hub", `{}`).refused(t, 405, "4050")
	s.do(t, "DELETE", v2014+"/customer/hub/none", "").refused(t, 404, "4041")
	if n := len(s.state(t)); n != 0 {
		t.Errorf("%d hubs are left", n)
	}
}

// TestHubsRefused: nothing is kept of them.
func TestHubsRefused(t *testing.T) {
	s := newHubServer(t, []string{"public"}, func(c *hubConfig) {
		c.Lookup = func(_ context.Context, host string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("93.184.216.34"), netip.MustParseAddr("10.0.0.1")}, nil
		}
	})
	for _, c := range []struct {
		body   string
		status int
		code   string
		words  string
	}{
		{`{}`, 400, "4003", "callback"}, {`{"callback":7}`, 400, "4012", "callback"}, {`[]`, 400, "4012", "an object"},
		{`{"callback":"ftp://example.org/"}`, 400, "4012", "http"}, {`{"callback":"/x"}`, 400, "4012", "absolute"},
		{`{"callback":"http://u:p@93.184.216.34/"}`, 400, "4012", "credentials"},
		{`{"callback":"http://127.0.0.1/"}`, 403, "4030", "--hub-allow"}, {`{"callback":"http://[::1]/"}`, 403, "4030", ""},
		{`{"callback":"http://10.1.2.3/"}`, 403, "4030", ""}, {`{"callback":"http://169.254.169.254/latest"}`, 403, "4030", ""},
		{`{"callback":"http://0.0.0.0/"}`, 403, "4030", ""}, {`{"callback":"http://224.0.0.1/"}`, 403, "4030", ""},
		{`{"callback":"http://[::ffff:10.0.0.1]/"}`, 403, "4030", ""}, {`{"callback":"http://[64:ff9b::a00:1]/"}`, 403, "4030", ""},
		{`{"callback":"http://mixed.example/"}`, 403, "4030", "10.0.0.1"},
		{`{"callback":"http://93.184.216.34/","query":"eventType!x"}`, 400, "4011", "query"},
		{`{"callback":"http://93.184.216.34/","query":"event.customer.nosuch=1"}`, 400, "4001", "nosuch"},
		{`{"callback":"http://93.184.216.34/","query":"eventType=customer.created"}`, 400, "4001", "query: eventType \"customer.created\" is none that listeners are told here; they are CustomerCreateNotification, "},
		{`{"callback":"http://93.184.216.34/","query":"eventType=CustomerCreateNotification,CustomerCreateEvent"}`, 400, "4001", "CustomerCreateEvent"},
		{`{"callback":"http://93.184.216.34/","query":"customer.name=A;eventType=CustomerCreate"}`, 400, "4001", "\"CustomerCreate\""},
		{`{"callback":"http://93.184.216.34/","query":"limit=3"}`, 400, "4001", "paged"},
		{`{"callback":"http://93.184.216.34/","query":"customer.contactMedium=(nosuch=1)"}`, 400, "4001", "nosuch"},
		{`{"callback":"http://93.184.216.34/","query":"customer.contactMedium=(limit=3)"}`, 400, "4001", "comparisons"},
		{`{"callback":"http://93.184.216.34/","query":"customer.contactMedium=(type=Email"}`, 400, "4001", "contactMedium"},
	} {
		s.do(t, "POST", v2014+"/customer/hub", c.body).refused(t, c.status, c.code, c.words)
	}
	if n := len(s.state(t)); n != 0 {
		t.Errorf("%d hubs were kept", n)
	}
}

// TestEventNames: every one of the three dialects, with the whole resource.
func TestEventNames(t *testing.T) {
	s := newHubServer(t, nil)
	l := listen(t, nil)
	for _, c := range []struct {
		base, resource, id, body string
		names                    []string // created, updated, of the status, deleted
	}{
		{v2014, "customer", "c1", `{"name":"A"}`, []string{"CustomerCreateNotification", "CustomerUpdateNotification", "CustomerUpdateNotification", "CustomerDeleteNotification"}},
		{v2014, "customerAccount", "ca1", `{"name":"A","accountType":"x"}`, []string{"CustomerAccountCreateNotification", "CustomerAccountUpdateNotification", "CustomerAccountUpdateNotification", "CustomerAccountDeleteNotification"}},
		{v2014, "paymentMean", "pm1", `{"name":"A","type":"CreditCard","relatedParty":{"id":"1"},"creditCard":{"number":"x1"}}`, []string{"PaymentMeanCreateNotification", "PaymentMeanUpdateNotification", "PaymentMeanUpdateNotification", "PaymentMeanDeleteNotification"}},
		{v3, "customer", "c1", `{"name":"A"}`, []string{"CustomerCreationNotification", "CustomerAttributeValueChangeNotification", "CustomerStateChangeNotification", "CustomerRemoveNotification"}},
		{v4, "customer", "c1", `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"}}`, []string{"CustomerCreateEvent", "CustomerAttributeValueChangeEvent", "CustomerStateChangeEvent", "CustomerDeleteEvent"}},
	} {
		path := c.base + "/" + c.resource
		one := s.register(t, path+"/hub", l.URL, "")
		stop := s.run(t)
		start := len(l.heard())
		s.create(t, path, c.body)
		s.emit(t, c.resource, c.id, "created")
		l.wait(t, start+1)
		s.do(t, "PATCH", path+"/"+c.id, `{"name":"B"}`)
		s.emit(t, c.resource, c.id, "updated", "name", "description")
		l.wait(t, start+2)
		s.emit(t, c.resource, c.id, "updated") // of what the dialect does not show: not told
		s.do(t, "PATCH", path+"/"+c.id, `{"status":"Active"}`)
		s.emit(t, c.resource, c.id, "updated", "name", "status")
		l.wait(t, start+3)
		s.do(t, "DELETE", path+"/"+c.id, "")
		dialect := map[string]string{v2014: "2014", v3: "v3", v4: "v4"}[c.base]
		s.emitDeleted(t, c.resource, c.id, "DEMO", dialect, `{"name":"B","status":"Active"}`)
		got := l.wait(t, start+4)[start:]
		for i, name := range c.names {
			a := got[i]
			if a.member(t, "eventType") != name || a.member(t, "event."+c.resource+".href") != "http://tmf.example:8080"+path+"/"+c.id {
				t.Errorf("%s: %s", name, a.body)
			}
			if a.member(t, "event."+c.resource+".name") != []string{"A", "B", "B", "B"}[i] || a.member(t, "eventId") == "" || a.member(t, "eventTime") == "" {
				t.Errorf("%s: %s", name, a.body)
			}
			if want := i == 1 && c.base == v4; want != strings.Contains(a.body, `"fieldPath":"name,description"`) {
				t.Errorf("fieldPath: %s", a.body)
			}
		}
		stop()
		s.do(t, "DELETE", path+"/hub/"+one.member(t, "id"), "")
	}
}

// TestHubQueries: which notifications, and what of them.
func TestHubQueries(t *testing.T) {
	s := newHubServer(t, nil)
	all, active, creations := listen(t, nil), listen(t, nil), listen(t, nil)
	s.register(t, v2014+"/hub", all.URL, "")
	s.register(t, v2014+"/hub", active.URL, "customer.status=Active&fields=event.customer.name")
	s.register(t, v2014+"/customer/hub", creations.URL, "eventType=CustomerCreateNotification,CustomerDeleteNotification&event.customer.name=A")
	s.create(t, v2014+"/customer", `{"name":"A"}`)
	s.create(t, v2014+"/customer", `{"name":"B","status":"Active"}`)
	s.create(t, v2014+"/customerAccount", `{"name":"A","accountType":"x"}`)
	s.emit(t, "customer", "c1", "created")
	s.emit(t, "customer", "c2", "created")
	s.emit(t, "customerAccount", "ca1", "created")
	s.run(t)
	all.wait(t, 3)
	if got := active.wait(t, 1); len(got) != 1 || got[0].member(t, "event") != `{"customer":{"name":"B"}}` || got[0].member(t, "eventType") == "" {
		t.Errorf("%v", got)
	}
	if got := creations.wait(t, 1); len(got) != 1 || got[0].member(t, "event.customer.id") != "c1" {
		t.Errorf("%v", got)
	}
}

// TestHubBrackets: one element must hold all that stands in brackets.
func TestHubBrackets(t *testing.T) {
	s := newHubServer(t, nil)
	all, email, both, text := listen(t, nil), listen(t, nil), listen(t, nil), listen(t, nil)
	s.register(t, v2014+"/hub", all.URL, "")
	s.register(t, v2014+"/hub", email.URL, "event.customer.contactMedium=(type=Email&preferred=true)")
	s.register(t, v2014+"/customer/hub", both.URL, "customer.contactMedium=(type=Email;type=Fax&preferred=true)&eventType=CustomerCreateNotification&customer.characteristic=(name=a&value=1)")
	s.register(t, v2014+"/customer/hub", text.URL, "customer.name=(C)")
	medium := func(kind string, preferred bool) string {
		return fmt.Sprintf(`{"type":%q,"preferred":%t,"medium":{"emailAddress":"a@example.com"}}`, kind, preferred)
	}
	for _, body := range []string{
		`{"name":"A","contactMedium":[` + medium("Email", false) + `,` + medium("Fax", true) + `],"characteristic":[{"name":"a","value":"1"}]}`,
		`{"name":"B","contactMedium":[` + medium("Fax", false) + `,` + medium("Email", true) + `],"characteristic":[{"name":"a","value":"2"},{"name":"b","value":"1"}]}`,
		`{"name":"(C)"}`,
	} {
		s.emit(t, "customer", s.create(t, v2014+"/customer", body), "created")
	}
	s.run(t)
	inOrder(t, all.wait(t, 3), 3)
	until(t, "the rest", func() bool {
		waiting := int64(1)
		if err := s.store.View(t.Context(), func(tx store.Tx) (err error) {
			waiting, err = tx.Count("tmf_notification")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return waiting == 0
	})
	for l, want := range map[*listener]string{email: "c2", both: "c1", text: "c3"} {
		if got := l.heard(); len(got) != 1 || got[0].member(t, "event.customer.id") != want {
			t.Errorf("want %s: %v", want, got)
		}
	}
}
