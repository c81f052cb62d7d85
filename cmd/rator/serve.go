package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"rator/clock"
	"rator/event/delivery"
	"rator/server"
	"rator/soap"
	"rator/store"
	"rator/store/address"
	"rator/tmf/hub"
	"rator/unit"
)

type serveCommand struct {
	Listen string `help:"Address to listen on (default ${default})." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Store  string `help:"Store file; made when it is not there. Default rator.db, with --demo a temporary one. Or a database of PostgreSQL: postgres://USER@HOST/DATABASE." placeholder:"FILE|ADDRESS"`
	standbyFlags
	Name       string `help:"What the server is called among others of the same database (default: the machine's name and the port)." placeholder:"NAME"`
	Hookpoints string `help:"Directory of your own hookpoint folders, over the shipped ones." placeholder:"DIR"`
	Catalogue  string `help:"Catalogue file (TOML) to import at the start." placeholder:"FILE"`
	Demo       bool   `help:"Demo catalogue, operator demo/demo, and one sign-up into an empty store."`

	TLSCert  string `name:"tls-cert" help:"Certificate chain (PEM); read again on SIGHUP." placeholder:"FILE"`
	TLSKey   string `name:"tls-key" help:"Private key (PEM)." placeholder:"FILE"`
	ClientCA string `name:"client-ca" help:"CA (PEM) of client certificates, whose common name is an operator." placeholder:"FILE"`

	MetricsListen string `help:"Serve /metrics, /livez, /healthz and /readyz here, in plain HTTP without a password, and not on --listen." placeholder:"HOST:PORT"`

	TimeZone       string   `help:"Zone of brands that have no time_zone: of dates that come without one, and of today. An IANA name, such as Europe/Oslo (default ${default}, the machine's). The store remembers it." default:"Local" placeholder:"ZONE"`
	TrustForwarded bool     `help:"Take the published address from X-Forwarded-Proto and -Host; only behind a proxy of yours."`
	TMFStrict      bool     `name:"tmf-strict" help:"TM Forum: refuse what the published profiles do, and references that lead nowhere."`
	TMFPin         string   `name:"tmf-pin" help:"TM Forum: the pin of an account in answers: ${enum}." enum:"echo,mask" default:"echo"`
	TMFPinKey      string   `name:"tmf-pin-key" help:"Key file that PINs of TM Forum are encrypted with, and card numbers in references hashed; made when it is not there. Keep a copy: backups of the store have none. Default the store's name and .pin-key; for a database it must be given." placeholder:"FILE"`
	TMFCORSOrigin  []string `name:"tmf-cors-origin" help:"TM Forum: origin from which scripts in browsers may ask, such as https://crm.example.com; may be repeated. * lets every page ask that somebody opens: use it for trials only. Default none." placeholder:"ORIGIN"`
	HubAllow       []string `help:"Where TM Forum listeners and webhooks may be: a network, an address, a host name, or public. Default public; with --demo also this machine." placeholder:"CIDR|HOST"`
	AuditReads     string   `help:"Write the audit rows of calls that only read: ${enum}." enum:"behind,sync" default:"behind"`
	AuditAge       age      `help:"How long audit rows stay (default ${default}); 0 = for ever." default:"730d" placeholder:"DURATION"`
	UsernameToken  string   `help:"WS-Security headers that are old, malformed or used before: ${enum}. strict refuses them, but for operators who are lenient; lenient only counts them, for all." enum:"strict,lenient" default:"strict"`
	EventAge       age      `help:"How long events are kept, at least a day; longer while a webhook that is not suspended has not been told them (default ${default})." default:"30d" placeholder:"DURATION"`
	JSONLog        bool     `name:"json-log" help:"Log as JSON." negatable:""`

	Memory memorySize `help:"Memory of the process, beside the store's file, from which on it collects harder what it no longer needs (default ${default}: half of what the machine or its control group has). GOMEMLIMIT and GOGC of the environment go before it." default:"auto" placeholder:"SIZE" group:"Limits"`

	callLogFlags
	fontFlags
	clockFlags

	Drain time.Duration `help:"How long to go on answering after SIGTERM, with /readyz red, for balancers to ask the other servers of the same database; not where there is none (default ${default})." default:"5s" placeholder:"DURATION"`

	MaxMessageBytes int           `help:"Longest request, in bytes, packed and unpacked." default:"1048576" group:"Limits"`
	MaxDepth        int           `help:"Deepest nesting of elements." default:"32" group:"Limits"`
	MaxValueDepth   int           `help:"Deepest nesting of values." default:"8" group:"Limits"`
	MaxElements     int           `help:"Most elements of a request." default:"10000" group:"Limits"`
	MaxChildren     int           `help:"Most children of an element." default:"5000" group:"Limits"`
	MaxAttributes   int           `help:"Most attributes, and most namespace declarations, of an element." default:"32" group:"Limits"`
	MaxTextBytes    int           `help:"Longest text, in bytes." default:"65536" group:"Limits"`
	MaxParts        int           `help:"Most parts of a multipart request." default:"100" group:"Limits"`
	MaxCalls        int           `help:"Most calls at a time, of all faces; 0 = 64 for each core." default:"0" group:"Limits"`
	MaxSlowCalls    int           `help:"Most calls at a time that neither an index nor a limit bounds, such as lists with any filter; 0 = one less than there are cores, at least 1." default:"0" group:"Limits"`
	MaxWaiting      int           `help:"Most calls waiting for their turn." default:"1024" group:"Limits"`
	MaxWait         time.Duration `help:"Longest wait for a turn; a call that would wait longer is refused at once." default:"2s" group:"Limits"`
	MaxNewPasswords int           `help:"Most new passwords that an operator's users may ask for from one address in an hour." default:"1000" group:"Limits"`
	CallTimeout     time.Duration `help:"Longest time of a call." default:"10s" group:"Limits"`
	BodyTimeout     time.Duration `help:"Longest time for a request to arrive." default:"10s" group:"Limits"`
}

func (c *serveCommand) Help() string {
	return `Serves the SOAP endpoint on /workflow-soap/InvokerService (its WSDL on ?wsdl, a page with every
hookpoint for a browser), the same customers over TM Forum Customer Management below
/customerManagement, /tmf-api/customerManagement/v3 and /v4, and /livez, /healthz, /readyz and /metrics, which
--metrics-listen moves to an address of their own. SIGHUP reads hookpoints and certificate
again; a set with a mistake never replaces the one that runs. SIGTERM finishes the calls, after --drain
where other servers have the same database (a second SIGTERM: at once). Every minute
it runs what is due, as rator run-due does.
Request and answer of recent calls are kept in a folder beside the store, without passwords and card
numbers, for rator log; rator backup leaves it out.
Without operators, and with --demo, it listens on loopback only. The operator of a demo is refused without
--demo until it has another password.

  rator serve --demo
  rator serve --demo --past
  rator serve --listen 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem --store /var/lib/rator/rator.db`
}

func (c *serveCommand) Run(t *terminal) error {
	syscall.Umask(0o077) // the store and its socket are the owner's
	logger, flush := server.NewLog(t.err, c.JSONLog)
	defer flush()
	server.UseThreads(t.getenv)
	server.MemoryFor(int64(c.Memory), t.getenv, os.DirFS("/")).Set(logger)
	at, err := c.listen(t.ctx)
	if err != nil {
		return err
	}
	defer at.Close()
	file, cleanUp, err := c.storeFile()
	if err != nil {
		return unreachable(err)
	}
	defer cleanUp()
	named, err := c.settings(t, file)
	if err != nil {
		return err
	}
	if err := c.beside(file); err != nil {
		return misused(err)
	}
	if err := c.past(t, file); err != nil {
		return err
	}
	if c.Name == "" {
		c.Name = usualName(at)
	}
	m, clk := server.NewMetrics(), &clock.Clock{}
	opening, opened := c.opening(t, logger)
	st, err := server.OpenServed(opening, file, c.Name, clk, m, server.Standby{At: c.StoreRead, Lag: c.StoreReadLag, Log: logger}, func(kind string, records int64) {
		logger.Info("the store gets new indexes, once", "kind", kind, "records", records)
	})
	opened()
	if err != nil {
		return unreachable(err)
	}
	defer st.Close()
	if err := c.testClock(t, st, clk, file); err != nil {
		return err
	}
	if err := c.prepare(t, st, named.catalogue); err != nil {
		return err
	}
	if c.TMFPinKey == "" {
		c.TMFPinKey = server.KeyFileOf(file)
	}
	if _, err := os.Stat(c.TMFPinKey); err != nil { // before one is made
		if err := c.newKey(t, st, file); err != nil {
			return unreachable(err)
		}
	}
	s, err := c.server(named, file, st, clk, m, logger)
	if err != nil {
		return err
	}
	defer s.SealLast()
	defer s.Close()
	return c.serve(t, s, at, clk, file, flush)
}

// storeFile is where the store lies; a demo without a file gets a temporary one.
func (c *serveCommand) storeFile() (file string, cleanUp func(), err error) {
	if c.Store != "" || !c.Demo {
		if c.Store == "" {
			c.Store = usualStore
		}
		return c.Store, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "rator-demo-*")
	return filepath.Join(dir, "demo.db"), func() { os.RemoveAll(dir) }, err
}

func (c *serveCommand) server(named *served, file string, st store.Store, clk *clock.Clock, m *server.Metrics, logger *slog.Logger) (*server.Server, error) {
	k, err := server.OpenKeyFile(c.TMFPinKey)
	if err != nil {
		return nil, unreachable(err)
	}
	if err := server.NoteCardKey(st, file, k.Cards, c.TMFPinKey, logger); err != nil {
		return nil, unreachable(err)
	}
	limits := soap.DefaultLimits()
	limits.MessageBytes, limits.Depth, limits.ValueDepth = c.MaxMessageBytes, c.MaxDepth, c.MaxValueDepth
	limits.Elements, limits.Children, limits.TextBytes = c.MaxElements, c.MaxChildren, c.MaxTextBytes
	limits.Attributes, limits.Namespaces, limits.Parts = c.MaxAttributes, c.MaxAttributes, c.MaxParts
	return server.New(server.Config{
		Store: st, Name: c.Name, Version: thisBuild().Version, Now: clk.Now, GuardNow: time.Now, Metrics: m, Log: logger, Layers: named.layers, Registry: named.registry, Demo: c.Demo, EventAge: time.Duration(c.EventAge), NewPasswords: c.MaxNewPasswords, OperationsApart: c.MetricsListen != "",
		CallLog: named.calls, CallLogSkip: c.CallLogSkip, UsualCallLog: usualCallLog(file), Fonts: named.fonts,
		AuditSync: c.AuditReads == "sync", AuditAge: time.Duration(c.AuditAge), LenientTokens: c.UsernameToken == lenientTokens, TrustForwarded: c.TrustForwarded,
		TMFStrict: c.TMFStrict, TMFOrigins: c.TMFCORSOrigin, Hubs: hub.Config{Client: delivery.NewClient(delivery.ClientConfig{Targets: named.targets})},
		Keys: k, MaskPINs: c.TMFPin == "mask",
		SOAP:  soap.Options{Limits: limits, BodyTime: c.BodyTimeout},
		Turns: unit.TurnsConfig{Calls: c.MaxCalls, Slow: c.MaxSlowCalls, Waiting: c.MaxWaiting, Wait: c.MaxWait}, Deadline: c.CallTimeout,
	})
}

func (c *serveCommand) serve(t *terminal, s *server.Server, at *server.Listeners, clk *clock.Clock, file string, flush func()) error {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	hurry := make(chan os.Signal, 1) // the second of those that end t.ctx
	defer context.AfterFunc(t.ctx, func() { signal.Notify(hurry, os.Interrupt, syscall.SIGTERM) })()
	defer signal.Stop(hurry)
	socketBeside := file
	if address.Is(file) {
		socketBeside = ""
	}
	return s.Run(t.ctx, at, server.Serving{
		File: socketBeside, Commands: commandHandler(s, clk, file), Hangup: hangup, Drain: c.Drain, Hurry: hurry,
		Begun: func() error {
			flush()
			return c.show(t, s, at, clk, file, flush)
		},
		Ending: func() { fmt.Fprintln(t.out, "rator: finishing the calls") },
	})
}

// show says that the server serves, after all that was logged so far. A demo without customers
// signs one up first.
func (c *serveCommand) show(t *terminal, s *server.Server, at *server.Listeners, clk *clock.Clock, file string, flush func()) error {
	shown := &screen{program: called(os.Args[0]), endpoint: at.Endpoint(), store: file, variable: t.getenv(storeVariable), temporary: c.Store == "", key: c.TMFPinKey, now: clk.Now(), testClock: clk.Test()}
	if s.Calls != nil {
		shown.callLog = s.Calls.Dir()
	}
	text := shown.plain()
	if c.Demo {
		var err error
		if shown.customers, err = customersIn(t, s.Store); err != nil {
			return err
		}
		if shown.operator, err = server.DemoOperatorIn(t.ctx, s.Store); err != nil {
			return err
		}
		if shown.customers == 0 && at.Certificates == nil && shown.open() {
			if shown.customers, err = firstCustomer(t, s.Store, shown.endpoint); err != nil {
				return err
			}
		}
		text = shown.demo()
	}
	if at.Operations != nil {
		text += fmt.Sprintf("rator: http://%s/metrics\n", at.Operations.Addr())
	}
	flush()
	_, err := fmt.Fprintf(t.out, "%srator: serving; Ctrl-C or SIGTERM stops\n", text)
	return err
}
