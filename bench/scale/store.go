package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"rator/bench/rig"
)

// few is how many customers a store that counts as empty has beside the demo's own, so
// that there is somebody to ask for.
const few = 16

// store is what a binary made of so many customers; it stays where it was made.
type store struct {
	*rig.Binary
	customers int
	// loaded says that the binary took them from a file (rator load): each has names and
	// numbers of its own and a line that is billed. Another signs them up.
	loaded bool
	// loadTook is how many seconds the load took; 0 where that is not known.
	loadTook float64
	month    time.Time // since when lines of loaded customers are active: the month before this
}

// finished is written beside a store when it has all its customers, with how long the load
// took, and since when its lines are active.
const finished = "finished"

// count is how many customers there are beside the demo's own.
func (s *store) count() int { return max(s.customers, few) }

// prepare takes the store that the same binary made before, or makes it.
func (s *store) prepare(ctx context.Context, dir string) error {
	program, err := os.ReadFile(s.File)
	if err != nil {
		return err
	}
	own := *s.Binary
	s.Binary = &own
	s.loaded = exec.CommandContext(ctx, s.File, "load", "--help").Run() == nil
	made := fmt.Sprintf("%x", sha256.Sum256(program))
	s.Dir, err = filepath.Abs(filepath.Join(dir, fmt.Sprintf("customers-%d-%s", s.customers, made[:12])))
	if err != nil {
		return err
	}
	done := filepath.Join(s.Dir, finished)
	if text, err := os.ReadFile(done); err == nil {
		return s.recall(string(text))
	}
	if err := os.RemoveAll(s.Dir); err != nil {
		return err
	}
	if s.loaded {
		err = s.load(ctx)
	} else {
		progress("signing up %d customers with %s, once", s.count(), s.Name)
		err = s.Prepare(ctx, nil, s.count(), signUp)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(done, fmt.Appendf(nil, "%g %s", s.loadTook, s.month.Format(time.DateOnly)), 0o600)
}

// recall reads what prepare noted.
func (s *store) recall(noted string) error {
	took, month, _ := strings.Cut(noted, " ")
	var errs [2]error
	s.loadTook, errs[0] = strconv.ParseFloat(took, 64)
	s.month, errs[1] = time.Parse(time.DateOnly, month)
	return errors.Join(errs[:]...)
}

// load makes a demo's store without customers, and loads them.
func (s *store) load(ctx context.Context) (err error) {
	if err := s.Prepare(ctx, nil, 0, signUp); err != nil {
		return err
	}
	now := time.Now().UTC()
	s.month = time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, time.UTC)
	file := filepath.Join(s.Dir, "customers.ndjson")
	progress("writing a file of %d customers, once", s.count())
	if err := s.write(file); err != nil {
		return err
	}
	progress("loading %d customers with %s, once", s.count(), s.Name)
	s.loadTook, err = timed(func() error { return s.command(ctx, "load", "--store", s.PreparedStore(), file) })
	return errors.Join(err, os.Remove(file))
}

func (s *store) write(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	for n := range s.count() {
		s.line(w, int64(n)+1)
	}
	return errors.Join(w.Flush(), f.Close())
}

// Numbers of loaded customers: those after the first so many, of their lines after that.
const (
	firstLoaded = 20_000_000
	firstLine   = 2_000_000
)

// line writes customer n as rator load reads one (docs/load.md).
func (s *store) line(to io.Writer, n int64) {
	since := s.month.Format(time.RFC3339)
	fmt.Fprintf(to, `{"format":"rator-customer/1","account":{"id":"%s","brand":"DEMO","customer_number":"%d","account_type":"0"},`+
		`"users":[{"username":"load%08d","first_name":"Bo","last_name":"Ek%08d","city":"Odense","zip":"5000","email":"load%08d@example.com","personal_id":"%08d"}],`+
		`"billing_groups":[{"created":%q}],"subscriptions":[{"product_code":"POST_PAID","start_date":%q}],"services":[{"msisdn":"1720%07d"}],"options":[{"option_key":"PLAN_A"}]}`+"\n",
		s.id(n), firstLoaded+n, n, n, n, n, since, since, firstLine+n)
}

// idsOfMinute are those that differ in their last six digits alone.
const idsOfMinute = 600_000

// id is a loaded customer's: of the moments from the month's begin on, 10,000 a second.
func (s *store) id(n int64) string {
	return s.month.Add(time.Duration(n/10_000)*time.Second).Format("20060102150405") + fmt.Sprintf("%04d", n%10_000)
}

// of gives one customer after the other, counted from 1, in an order that no store has.
func (s *store) of(n int64) int64 {
	const step = 1_000_003
	return 1 + n*step%int64(s.count())
}

// kind is something that is asked of a server over and over: n is of the customer it is
// about.
type kind struct {
	name    string
	part    int  // of the calls of a profile
	loaded  bool // it needs customers that were loaded
	message func(s *store) *rig.Message
	number  func(s *store, n int64) int64
}

func itself(_ *store, n int64) int64 { return n }

// kinds are what is read, the profile first.
var kinds = []kind{
	{"profile", 1, false, func(s *store) *rig.Message {
		return rig.SOAPCall("SOAP_GET_WEB_USER_PROFILE_INTERNAL", rig.Honest, rig.Password, rig.Text("CUSTOMER_NUMBER", s.numberMark()))
	}, (*store).number},
	{"search by CUSTOMER_NUMBER", 10, false, func(s *store) *rig.Message { return search("CUSTOMER_NUMBER", s.numberMark()) }, (*store).number},
	{"search by USERNAME", 10, false, func(s *store) *rig.Message { return search("USERNAME", s.username()) }, itself},
	{"search by EMAIL", 10, false, func(s *store) *rig.Message { return search("EMAIL", s.username()+"@example.com") }, itself},
	{"search by MSISDN", 10, true, func(*store) *rig.Message { return search("MSISDN", "1720"+rig.NumberMark[1:]) },
		func(_ *store, n int64) int64 { return firstLine + n }},
	{"search by PERSONAL_ID", 10, true, func(*store) *rig.Message { return search("PERSONAL_ID", rig.NumberMark) }, itself},
	{"search by NAME", 10, true, func(*store) *rig.Message { return search("NAME", "Ek"+rig.NumberMark) }, itself},
	{"TM Forum read", 10, true, func(s *store) *rig.Message { return rest("/" + s.id(0)[:12] + rig.CustomerMark) },
		func(_ *store, n int64) int64 { return 1 + (n-1)%(idsOfMinute-1) }},
	{"TM Forum list of 20", 50, false, func(*store) *rig.Message { return rest("?limit=20") }, itself},
}

func search(key, value string) *rig.Message {
	return rig.SOAPCall("SOAP_SEARCH_CUSTOMERS", rig.Honest, rig.Password, rig.Text(key, value))
}

func rest(target string) *rig.Message {
	return rig.REST(rig.CustomersPath+target, rig.Basic(rig.Honest, rig.Password), "")
}

// numberMark stands for a customer's number in messages.
func (s *store) numberMark() string {
	if s.loaded {
		return rig.NumberMark
	}
	return rig.CustomerMark
}

// number is the customer number of the nth: of those that were signed up, one of the
// first whose numbers have six digits.
func (s *store) number(n int64) int64 {
	const first, six = 100_001, 800_000
	if s.loaded {
		return firstLoaded + n
	}
	return first + 1 + (n-1)%six
}

func (s *store) username() string {
	if s.loaded {
		return "load" + rig.NumberMark
	}
	return "user" + rig.NumberMark
}

func signUp() *rig.Message { return rig.SignUp(rig.Honest, rig.Password) }
