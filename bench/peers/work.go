package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"rator/bench/rig"
)

// Names of works.
const (
	echo      = "echo of 3 KB"
	profile   = "profile, one customer"
	profiles  = "profile, many customers"
	signUp1   = "sign-up, 1 caller"
	signUp16  = "sign-up, 16 callers"
	signUp64  = "sign-up, 64 callers"
	tmfRead   = "TM Forum read by id"
	tmfList   = "TM Forum list of 20"
	tmfCreate = "TM Forum create"
	frozen1   = "frozen rows of a sign-up, alone"
	frozen8   = "frozen rows, groups of 8"
	frozen32  = "frozen rows, groups of 32"
	six1      = "six puts, alone"
)

// sample is what one measurement found; a median of some is one too.
type sample struct {
	CPU       float64 `json:"cpu"`       // microseconds of a call, user and system
	PerSecond float64 `json:"perSecond"` // calls, or sign-ups
	P50       float64 `json:"p50"`       // milliseconds
	P99       float64 `json:"p99"`
	Others    float64 `json:"others"` // processors that neither who is measured nor the generator took
}

func (s sample) of(q quantity) float64 {
	return map[quantity]float64{cpu: s.CPU, perSecond: s.PerSecond, p50: s.P50, p99: s.P99, others: s.Others}[q]
}

// subject is who is measured.
type subject struct {
	name     string
	process  *rig.Process // nil for the loops, which are programs that end
	slower   int          // as of peer
	warm     int
	customer string // TM Forum's id of one
	signedUp atomic.Int64
	// customers are how many it has beside the demo's own.
	customers int64
}

// work is what subjects are asked to do.
type work struct {
	name  string
	part  int // of the calls of an echo
	size  int // connections
	asked func(s *subject) *rig.Message
	// number is of each request, nil = they are not numbered.
	number func(s *subject) int64
}

//go:embed echo/request.xml
var echoRequest string

var works = []work{
	{echo, 1, connections, func(*subject) *rig.Message { return rig.Post(echoRequest) }, nil},
	{profile, 2, connections, func(*subject) *rig.Message { return profileOf(rig.FirstCustomer) }, nil},
	{profiles, 1, connections, func(*subject) *rig.Message { return profileOf(rig.CustomerMark) }, (*subject).anyNumber},
	{signUp1, 10, 1, newCustomer, (*subject).nextSignUp},
	{signUp16, 4, 16, newCustomer, (*subject).nextSignUp},
	{signUp64, 4, 64, newCustomer, (*subject).nextSignUp},
	{tmfRead, 2, connections, func(s *subject) *rig.Message { return tmf("/"+s.customer, "") }, nil},
	{tmfList, 40, connections, func(*subject) *rig.Message { return tmf("?limit=20", "") }, nil},
	{tmfCreate, 10, connections, func(*subject) *rig.Message { return tmf("", rig.Household) }, (*subject).nextSignUp},
}

// leastCalls lets each connection of every work ask at least once.
const leastCalls = 640

func profileOf(number string) *rig.Message {
	return rig.SOAPCall("SOAP_GET_WEB_USER_PROFILE_INTERNAL", rig.Honest, rig.Password, rig.Text("CUSTOMER_NUMBER", number))
}

func newCustomer(*subject) *rig.Message { return rig.SignUp(rig.Honest, rig.Password) }

func tmf(rest, body string) *rig.Message {
	return rig.REST(rig.CustomersPath+rest, rig.Basic(rig.Honest, rig.Password), body)
}

func (s *subject) nextSignUp() int64 { return s.signedUp.Add(1) }

// anyNumber is the number of one customer after the other, in an order that neither the
// store nor a cache has: steps of a prime that goes around them all.
func (s *subject) anyNumber() int64 {
	const first, step = 100_002, 1_000_003
	return first + s.signedUp.Add(1)*step%s.customers
}

// measure has the connections ask calls times.
func (w work) measure(s *subject, calls int) (m sample, err error) {
	calls = max(calls/w.part/s.slower, w.size)
	left := rig.UpTo(int64(calls))
	shares, begun, used := rig.SharesFromNow(s.process), time.Now(), s.process.CPU()
	t := rig.Crowd{To: s.process.Address, From: rig.Here, Size: w.size, Number: func() (int64, bool) {
		_, more := left()
		if !more || w.number == nil {
			return 0, more
		}
		return w.number(s), true
	}, Message: func(int) *rig.Message { return w.asked(s) }}.Run(time.Time{}, begun.Add(2*time.Minute))
	took, others := time.Since(begun), shares.Others()
	if t.Count(rig.Done) != calls {
		return m, fmt.Errorf("%s with %s: %s of %d", w.name, s.name, t, calls)
	}
	time.Sleep(30 * time.Millisecond) // the times of a thread that runs are behind
	return sample{
		CPU:       float64((s.process.CPU() - used).Microseconds()) / float64(calls),
		PerSecond: float64(calls) / took.Seconds(),
		P50:       t.Quantile(0.5),
		P99:       t.Quantile(0.99),
		Others:    others,
	}, nil
}

// loop is a loop of bbolt, which is a program that prints a sample (bench/bolt).
type loop struct {
	name  string
	group int
	part  int // of the calls of an echo: sign-ups
	six   bool
}

var boltLoops = []loop{
	{frozen1, 1, 10, false},
	{frozen8, 8, 4, false},
	{frozen32, 32, 4, false},
	{six1, 1, 10, true},
}

// measure runs the loop on the processor of the servers, in a file that has as many
// sign-ups as their stores.
func (l loop) measure(ctx context.Context, program, dir string, o options, core int) (m sample, err error) {
	args := []string{"-file", filepath.Join(dir, "frozen.db"), "-filled", strconv.Itoa(o.customers)}
	if l.six {
		args = []string{"-file", filepath.Join(dir, "six.db"), "-filled", strconv.Itoa(o.customers), "-six"}
	}
	args = append(args, "-group", strconv.Itoa(l.group), "-times", strconv.Itoa(max(1, o.calls/l.part/l.group)))
	err = rig.OnCore(core, func() error {
		out, err := rig.Output(ctx, program, args...)
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(out), &m)
	})
	return m, err
}

// median is of each quantity by itself.
func median(samples []sample) (m sample) {
	of := func(q quantity) float64 {
		var all []float64
		for _, s := range samples {
			all = append(all, s.of(q))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return sample{CPU: of(cpu), PerSecond: of(perSecond), P50: of(p50), P99: of(p99), Others: of(others)}
}
