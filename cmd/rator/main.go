// Command rator is the whole product in one binary: the server, the client of
// its API, and the tools that look after its data. One file per subcommand,
// each a struct with Run; this file only reads the command line and turns
// errors into exit codes.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"rator/calllog"
	"rator/clock"
	"rator/event/webhook"
	"rator/server"
	"rator/store"
	"rator/workflow"
)

// Exit codes of every subcommand; `rator --help` prints them.
const (
	exitOK          = 0
	exitFailed      = 1 // the thing asked about failed
	exitUsage       = 2 // wrong use
	exitUnreachable = 3 // could not reach or open
)

const description = `An open drop-in for the Rator SOAP workflow server.

A flag stands before or behind the subcommand, or is given as the environment variable that its help
names: --listen is RATOR_LISTEN; or it is a line of the file that --config names: listen = "0.0.0.0:8080".
rator config shows what is set, and where.

Exit codes: 0 ok, 1 what was asked for failed, 2 wrong use, 3 could not reach or open.`

type commands struct {
	Serve      serveCommand      `cmd:"" help:"Run the server."`
	Call       callCommand       `cmd:"" help:"Make one API call."`
	Run        runCommand        `cmd:"" help:"Run a script that chains API calls, once or for each row of a file."`
	Replay     replayCommand     `cmd:"" help:"Play recorded exchanges and say what differs."`
	Compare    compareCommand    `cmd:"" help:"Compare an answer with the expected one."`
	Record     recordCommand     `cmd:"" help:"Record exchanges with a server as fixtures: a proxy."`
	Mock       mockCommand       `cmd:"" help:"Serve recorded answers."`
	Bench      benchCommand      `cmd:"" help:"Send recorded exchanges over and over, and say how long the answers take."`
	Check      checkCommand      `cmd:"" help:"Find every mistake in hookpoint folders."`
	Hookpoints hookpointsCommand `cmd:"" help:"Write the shipped hookpoints as folders of your own."`
	Log        logCommand        `cmd:"" help:"Look into a server's call log."`
	Audit      auditCommand      `cmd:"" help:"Read who did what, and take the audit's newest hash."`
	Operator   operatorCommand   `cmd:"" help:"Administer operators (API users)."`
	Catalogue  catalogueCommand  `cmd:"" help:"Check, import and export the catalogue."`
	Billing    billingCommand    `cmd:"" help:"Make invoices."`
	Clock      clockCommand      `cmd:"" help:"Look at the test clock of a demo store, and put it forward."`
	Load       loadCommand       `cmd:"" help:"Bring customers in, from files of a line each."`
	Events     eventsCommand     `cmd:"" help:"Look at what happened, as it is told to others."`
	History    historyCommand    `cmd:"" help:"Show how a customer stands, and what happened to it."`
	Export     exportCommand     `cmd:"" help:"Take customers out, a line of JSON each."`
	Hub        hubCommand        `cmd:"" help:"Look after the listeners of TM Forum notifications."`
	Webhook    webhookCommand    `cmd:"" help:"Have events posted to programs of other people."`
	Backup     backupCommand     `cmd:"" help:"Copy a store, also a live one, to a file."`
	Compact    compactCommand    `cmd:"" help:"Copy a store, also a live one, without the room that nothing takes."`
	Restore    restoreCommand    `cmd:"" help:"Make a store of a backup."`
	Migrate    migrateCommand    `cmd:"" help:"Bring a store to a database of PostgreSQL, or back to a file."`
	Schema     schemaCommand     `cmd:"" help:"Print the tables of a store in PostgreSQL."`
	Verify     verifyCommand     `cmd:"" help:"Check every record, index and business rule of a store."`
	RunDue     runDueCommand     `cmd:"" help:"Run the terminations whose day has come."`
	Servers    serversCommand    `cmd:"" help:"List the servers of a store in a database."`
	Config     configCommand     `cmd:"" help:"Show every setting of the server, and where it came from."`
	Doctor     doctorCommand     `cmd:"" help:"Look at an installation: what is, how grave, and how to mend it."`
	Version    versionCommand    `cmd:"" help:"Print the version."`

	File string `name:"config" help:"File of settings (TOML), a flag a line; rator config --template prints one." placeholder:"FILE"`
}

// terminal is what a subcommand may use of the outside; tests give their own.
type terminal struct {
	ctx      context.Context
	out      io.Writer
	err      io.Writer
	in       io.Reader
	getenv   func(string) string
	live     store.Store        // set inside a server that runs a forwarded command
	file     string             // of that store
	engine   *workflow.Engine   // that server's
	calls    *calllog.Log       // that server's, nil when it keeps none
	webhooks *webhook.Deliverer // that server's
	clock    *clock.Clock       // of the store that a command works on; nil = the real time
}

// exitError carries an exit code; a nil cause means that everything was said.
type exitError struct {
	code  int
	cause error
}

func (e *exitError) Error() string {
	if e.cause == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.cause.Error()
}

func (e *exitError) Unwrap() error { return e.cause }

func failed() error               { return &exitError{code: exitFailed} }
func misused(err error) error     { return &exitError{exitUsage, err} }
func unreachable(err error) error { return &exitError{exitUnreachable, err} }

// unreachableOr is unreachable, or nil of nil.
func unreachableOr(err error) error {
	if err == nil {
		return nil
	}
	return unreachable(err)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	t := &terminal{ctx: ctx, out: os.Stdout, err: os.Stderr, in: os.Stdin, getenv: os.Getenv}
	code := run(t, &commands{}, os.Args[1:])
	stop()
	os.Exit(code)
}

// run is main as a function: what may be asked for and arguments in, exit code
// out.
func run(t *terminal, grammar any, args []string) (code int) {
	if t.getenv == nil { // a terminal without an environment
		t.getenv = func(string) string { return "" }
	}
	exited := -1
	parser, err := kong.New(grammar,
		kong.Name("rator"), kong.Description(description),
		kong.Writers(t.out, t.err), kong.DefaultEnvars("RATOR"),
		kong.Exit(func(c int) { exited = c; panic(helpPrinted{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, Summary: false}),
		kong.UsageOnError(),
	)
	if err != nil {
		panic(err)
	}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(helpPrinted); !ok {
				panic(r)
			}
			code = exited
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	set := &settingsFile{}
	if _, ours := grammar.(*commands); ours {
		if set, err = readSettings(t, parser.Model.Node, args); err != nil {
			return exitCode(t, err)
		}
		if err := kong.Resolvers(set).Apply(parser); err != nil {
			panic(err)
		}
	}
	k, err := parser.Parse(flagsBehind(parser.Model.Node, args))
	if err != nil {
		fmt.Fprintf(t.err, "rator: %v\nTry: rator --help\n", set.placed(err))
		return exitUsage
	}
	return exitCode(t, k.Run(t, k, set))
}

type helpPrinted struct{}

// exitCode prints err once and gives its exit code.
func exitCode(t *terminal, err error) int {
	if err == nil {
		return exitOK
	}
	var e *exitError
	if !errors.As(err, &e) {
		e = &exitError{exitFailed, err}
		if errors.As(err, new(*server.OpenError)) {
			e.code = exitUnreachable
		}
	}
	if e.cause != nil {
		fmt.Fprintf(t.err, "rator: %v\n", e.cause)
	}
	return e.code
}
