package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rator/bench/rig"
)

// cost is a call whose price in processor time is measured.
type cost struct {
	name    string
	calls   int // of one measurement: some tenths of a second
	message func(customer string) *rig.Message
	limit   float64 // of this against base
}

const callers = 16

// noMore and less: what a call may take against the base.
const noMore, less = 1.05, 1.0

var calls = []cost{
	{"echo", 1500, func(string) *rig.Message {
		return rig.SOAPCall(echoKey, rig.Honest, rig.Password, rig.Text("TEXT", "what comes in goes out"))
	}, less},
	{"SOAP profile of a customer", 800, func(string) *rig.Message {
		return rig.SOAPCall("SOAP_GET_WEB_USER_PROFILE_INTERNAL", rig.Honest, rig.Password, rig.Text("CUSTOMER_NUMBER", rig.FirstCustomer))
	}, less},
	{"SOAP search", 800, func(string) *rig.Message { return rig.Search(rig.Honest, rig.Password) }, noMore},
	{"SOAP sign-up", 400, func(string) *rig.Message { return rig.SignUp(rig.Honest, rig.Password) }, noMore},
	{"TM Forum GET of a customer", 800, func(customer string) *rig.Message {
		return rig.REST(rig.CustomersPath+"/"+customer, rig.Basic(rig.Honest, rig.Password), "")
	}, noMore},
	{"TM Forum list of 20", 100, func(string) *rig.Message {
		return rig.REST(rig.CustomersPath+"?limit=20", rig.Basic(rig.Honest, rig.Password), "")
	}, noMore},
	{"TM Forum create", 300, func(string) *rig.Message {
		return rig.REST(rig.CustomersPath, rig.Basic(rig.Honest, rig.Password), rig.Household)
	}, noMore},
}

// echoKey is the cheapest hookpoint there can be: a site's, laid over the shipped.
const echoKey = "SOAP_LOAD_ECHO"

const echoContract = `<soapcall area="Load" reads="true" desc="Answers what it was given.">
  <request><hookpointKey>` + echoKey + `</hookpointKey><values><value key="TEXT" type="s" maxlen="100"/></values></request>
  <response><values><value key="TEXT" type="s"/></values></response>
</soapcall>
`

const echoScript = `def run(p):
    return {"TEXT": p.TEXT}
`

// costs measures what calls take of the processors, user and system, on servers that
// run at the same time and are asked one after the other, in pairs: what disturbs
// the machine disturbs both. The least of each counts.
func costs(ctx context.Context, binaries []*rig.Binary, pairs int) ([]row, error) {
	var (
		asked []*asked
		err   error
	)
	for _, b := range binaries {
		a, err := newAsked(ctx, b)
		if err != nil {
			return nil, err
		}
		defer a.server.Discard()
		asked = append(asked, a)
	}
	var rows []row
	for _, c := range calls {
		progress("cpu of " + c.name)
		least := make([]float64, len(asked))
		var ratios []float64 // of each pair
		for i, a := range asked {
			least[i] = math.Inf(1)
			if _, err = a.price(c); err != nil { // so that caches and connections are warm
				return nil, err
			}
		}
		for pair := range pairs {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			took := make([]float64, len(asked))
			for i := range asked {
				at := (i + pair) % len(asked) // none is always the first
				if took[at], err = asked[at].price(c); err != nil {
					return nil, err
				}
				least[at] = min(least[at], took[at])
			}
			ratios = append(ratios, took[len(took)-1]/took[0])
		}
		rows = append(rows, costRow(c, least, ratios))
	}
	return rows, nil
}

// costRow is of the least of each side, the base first where there is one.
func costRow(c cost, least, ratios []float64) row {
	name := "CPU of " + c.name
	last := len(least) - 1
	shown := fmt.Sprintf("%.0f µs", least[last])
	if last == 0 {
		f := newFigure(name, least[0], shown, target{})
		return newRow(costName, nil, &f)
	}
	t := atMost(c.limit, fmt.Sprintf("≤ %.2f × base", c.limit))
	if c.limit == less {
		t = target{reach: "less than base", reached: func(this, _ float64) bool { return this < 1 }}
	}
	ratio := least[last] / least[0]
	base := newFigure(name, 1, fmt.Sprintf("%.0f µs", least[0]), target{})
	this := newFigure(name, ratio, fmt.Sprintf("%s (%.2f ×)", shown, ratio), t)
	slices.Sort(ratios)
	this.Details = []string{fmt.Sprintf("the least of %d pairs, whose ratios are %.2f to %.2f, in the middle %.2f", len(ratios), ratios[0], ratios[len(ratios)-1], ratios[len(ratios)/2])}
	return newRow(costName, &base, &this)
}

// asked is a server whose calls are priced.
type asked struct {
	server   *rig.Server
	customer string // TM Forum's id of one
	number   func() (int64, bool)
}

func newAsked(ctx context.Context, b *rig.Binary) (*asked, error) {
	folder := filepath.Join(b.Dir, "hookpoints")
	own := filepath.Join(folder, echoKey)
	err := errors.Join(os.MkdirAll(own, 0o700),
		os.WriteFile(filepath.Join(own, "contract.xml"), []byte(echoContract), 0o600),
		os.WriteFile(filepath.Join(own, "workflow.star"), []byte(echoScript), 0o600))
	if err != nil {
		return nil, err
	}
	s, err := b.StartCopy(ctx, "--hookpoints", folder)
	if err != nil {
		return nil, err
	}
	a := &asked{server: s, number: rig.UpTo(1e8 - 1)}
	for range customers { // numbers that the prepared store has
		a.number()
	}
	if a.customer, err = s.AnyCustomer(); err != nil {
		s.Discard()
		return nil, err
	}
	return a, nil
}

// price is what one call takes, in microseconds.
func (a *asked) price(c cost) (float64, error) {
	before := a.server.CPU()
	left := rig.UpTo(int64(c.calls))
	t := rig.Crowd{To: a.server.Address, From: rig.Here, Size: callers, Number: func() (int64, bool) {
		_, more := left()
		n, _ := a.number()
		return n, more
	}, Message: func(int) *rig.Message { return c.message(a.customer) }}.Run(time.Time{}, time.Now().Add(20*time.Second))
	if t.Count(rig.Done) != c.calls {
		return 0, fmt.Errorf("%s with %s: %s of %d", c.name, a.server.Binary.Name, t, c.calls)
	}
	time.Sleep(30 * time.Millisecond) // the times of a thread that runs are behind
	return float64((a.server.CPU() - before).Microseconds()) / float64(c.calls), nil
}
