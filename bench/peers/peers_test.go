package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rator/bench/rig"
	"rator/suite"
)

// TestEverythingIsMeasured runs all of it with few calls, with this checkout as the base
// too, and wants every ratio and every figure that one is made of, whatever they say.
func TestEverythingIsMeasured(t *testing.T) {
	suite.Foreign(t, "gSOAP, JAX-WS RI, node-soap")
	t.Chdir("../..")
	file := filepath.Join(t.TempDir(), "rator")
	if out, err := rig.Output(t.Context(), "go", "build", "-o", file, "./cmd/rator"); err != nil {
		t.Fatal(err, out)
	}
	r, err := measured(t.Context(), options{base: file, this: file, rounds: 2, calls: leastCalls, customers: 50, strict: true}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Ratios) != len(ratios) || len(r.Said)+len(r.Missing) > 0 {
		t.Errorf("%d ratios of %d, said %q, missing %q", len(r.Ratios), len(ratios), r.Said, r.Missing)
	}
	for _, j := range r.Ratios {
		for _, value := range []*float64{j.Base, j.This} {
			if value == nil || *value <= 0 || math.IsInf(*value, 0) {
				t.Errorf("%s: %s", j.Name, rig.Shown(value))
			}
		}
		if (j.OK != nil) != (j.Bound.Sign != 0) {
			t.Errorf("%s is judged: %v", j.Name, j.OK != nil)
		}
	}
	for _, m := range r.Measured {
		if len(m.Samples) != 2 || !needs(ratios, m.Work, m.Who) {
			t.Errorf("%s: %s was measured %d times", m.Work, m.Who, len(m.Samples))
		}
	}
	if cores, err := rig.Cores(); err != nil || len(cores) != 1 {
		t.Errorf("the generator uses the processors %v, %v", cores, err)
	}
}

// TestRatiosAreOfWhatIsMeasured: every figure that a ratio is made of is one of a work
// or a loop, by somebody who does it.
func TestRatiosAreOfWhatIsMeasured(t *testing.T) {
	var all []string
	for _, w := range works {
		all = append(all, w.name+ours, w.name+base)
	}
	for _, l := range boltLoops {
		all = append(all, l.name+loops)
	}
	for _, p := range peers {
		all = append(all, echo+p.name)
	}
	for _, r := range ratios {
		for _, f := range []figure{r.of, r.against} {
			if !slices.Contains(all, f.work+f.who) {
				t.Errorf("%s: nobody measures %s of %s", r.name, f.work, f.who)
			}
		}
	}
	for _, w := range works {
		if !needs(ratios, w.name, this) {
			t.Errorf("%s is measured for nothing", w.name)
		}
	}
	if some := wanted([]string{groupProfile}); needs(some, signUp1, this) || needs(some, echo, this) || !needs(some, echo, gSOAP) || !needs(some, profile, base) {
		t.Errorf("of profiles alone: %v", some)
	}
}

// TestJudgement: a ratio stands the way its name says, and is held against its bound.
func TestJudgement(t *testing.T) {
	r := &report{}
	for _, s := range []sample{{CPU: 30, PerSecond: 5, P50: 9}, {CPU: 50, PerSecond: 4, P50: 7}, {CPU: 40, PerSecond: 6, P50: 8}} {
		r.add(echo, this, s)
	}
	r.add(echo, gSOAP, sample{CPU: 20, PerSecond: 10})
	r.add(frozen1, loops, sample{P50: 4})
	r.judge([]ratio{
		{name: "CPU", of: figure{echo, ours, cpu}, against: figure{echo, gSOAP, cpu}, more: true, sign: 0.5},
		{name: "rate", of: figure{echo, ours, perSecond}, against: figure{echo, gSOAP, perSecond}, more: true, sign: 0.6},
		{name: "p50", of: figure{echo, ours, p50}, against: figure{frozen1, loops, p50}, sign: 1.9, goal: 1},
		{name: "nothing", of: figure{echo, ours, cpu}, against: figure{echo, base, cpu}, sign: 1},
	})
	var got strings.Builder
	rig.PrintRows(&got, r.Ratios)
	const want = "\tbase\tthis\tto sign\t\tgoal\nCPU\t-\t0.50\t≥ 0.50\treached\t-\nrate\t-\t0.50\t≥ 0.60\tMISS\t-\n" +
		"p50\t-\t2.00\t≤ 1.90\tMISS\t≤ 1.00\nnothing\t-\t-\t≤ 1.00\t-\t-\n"
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", &got, want)
	}
	var table, text strings.Builder
	if err := errors.Join(r.print(&table), r.printJSON(&text)); err != nil || !json.Valid([]byte(text.String())) {
		t.Errorf("%v: %s", err, &text)
	}
	if !strings.Contains(table.String(), echo+": "+this) {
		t.Errorf("the table does not say what it was made of:\n%s", &table)
	}
	bars := 0
	for d := xml.NewDecoder(strings.NewReader(string(r.draw()))); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "rect" {
			bars++
		}
	}
	if bars != 1+3 { // the ground, and of each ratio that there is one
		t.Errorf("%d rectangles", bars)
	}
}

// TestValues: what libraries write differently is the same, what differs is not.
func TestValues(t *testing.T) {
	read := func(envelope string) string {
		t.Helper()
		lines, err := values([]byte(envelope))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(lines, "\n")
	}
	const head, tail = `<S:Envelope xmlns:S="s"><S:Body><n:executeMethodResponse xmlns:n="c" xmlns:x="x"><return><errorCode>0</errorCode>`, `</return></n:executeMethodResponse></S:Body></S:Envelope>`
	one := read(head + `<values x:type="n:complexValueDTO"><key>USER</key><value x:type="n:dateValueDTO"><key>D</key><value>1980-01-31T00:00:00+01:00</value></value></values>` + tail)
	other := read(strings.ReplaceAll(head, "S:", "e:") + `<values x:type="p:complexValueDTO"><p:key>USER</p:key><value x:type="p:dateValueDTO"><key>D</key><value>1980-01-30T23:00:00.000Z</value></value></values>` + strings.ReplaceAll(tail, "S:", "e:"))
	if one != other {
		t.Errorf("%s\n\nis not\n\n%s", one, other)
	}
	const want = "/errorCode  0\n/values/key  USER\n/values/value/key  D\n/values/value/value  1980-01-30T23:00:00Z\n/values/value dateValueDTO\n/values complexValueDTO"
	if one != want {
		t.Errorf("got\n%s", one)
	}
	if _, err := values([]byte(`<a><b>fault</b></a>`)); err == nil {
		t.Error("no answer is one")
	}
	if lines, err := echoedValues([]byte(head + `<values x:type="n:stringValueDTO"><key>REQUEST_ID</key><value>1</value></values><values x:type="n:stringValueDTO"><key>A</key><value>b</value></values>` + tail)); err != nil || len(lines) != 4 {
		t.Errorf("%v %q", err, lines)
	}
}

// TestMissing: what a machine does not have is named, with what to install.
func TestMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for _, p := range peers {
		err := p.missing()
		if p.name == netHTTP {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), p.needs[0]) || !strings.Contains(err.Error(), p.packages) {
			t.Errorf("%s: %v", p.name, err)
		}
	}
}

// TestEveryCustomerIsAsked: the numbers of many profiles go around all customers of the store.
func TestEveryCustomerIsAsked(t *testing.T) {
	for _, n := range []int64{1, 50, 100_000} {
		s := &subject{customers: n}
		seen := map[int64]bool{}
		for range n {
			number := s.anyNumber()
			if number < 100_002 || number > 100_001+n {
				t.Fatalf("of %d customers number %d", n, number)
			}
			seen[number] = true
		}
		if int64(len(seen)) != n {
			t.Errorf("of %d customers %d were asked", n, len(seen))
		}
	}
}

// TestRequestIsAsLongAsSaid: the echo is of some 3 KB, as the names of works say.
func TestRequestIsAsLongAsSaid(t *testing.T) {
	if n := len(echoRequest); n < 2900 || n > 3300 {
		t.Errorf("%d bytes", n)
	}
	if info, err := os.Stat("../../" + wsdl); err != nil || info.Size() == 0 {
		t.Errorf("the published WSDL: %v", err)
	}
}
