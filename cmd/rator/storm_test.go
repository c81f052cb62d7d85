package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"rator/failure"
	"rator/server/servertest"
	"rator/soap"
	"rator/suite"
	"rator/wire"
)

// TestRetryStorm has clients send each request three times, most of them at the same
// time, and again whenever they are cut off, to a server that is killed with kill -9
// on the way, over SOAP and in every dialect of TM Forum. Every copy gets the same
// answer, at most one of them the first; each request is done once, whatever was
// killed, and no trace of anything else is left.
func TestRetryStorm(t *testing.T) {
	t.Parallel()
	for _, face := range []struct {
		name string
		ask  func(p *serverProcess, request, copy int) (stormAnswer, error)
		once int // requests that make one of each that there is
	}{
		{"SOAP", stormOverSOAP, 1},
		{"TM Forum", stormOverREST, len(stormBases)},
	} {
		t.Run(face.name, func(t *testing.T) {
			t.Parallel()
			kills := suite.Rounds(t, 3, 24)
			requests := suite.Rounds(t, 120, 2001) // of each dialect as many
			c := &crash{file: servertest.StoreFile(t), acknowledged: map[string]string{}}
			c.letIn(t)
			s := &storm{ask: face.ask, requests: requests, kills: kills, reached: make(chan struct{}, kills)}
			s.answers = make([][stormCopies + 1]stormAnswer, requests)
			s.rage(t, c.file)
			s.check(t)
			wantTimes(t, c.file, requests/face.once, func(_ *crash, p *serverProcess) {
				for request := range face.once {
					if a, err := face.ask(p, request, 0); err != nil || a.made == "" {
						t.Errorf("%+v %v", a, err)
					}
				}
			})
		})
	}
}

const (
	stormCopies  = 3
	stormClients = 16
	// A copy is sent again when it was cut off, which happens once for each kill, and
	// when the server is busy, which so few clients hardly make it.
	stormPatience = 200
)

// storm is what its clients know.
type storm struct {
	ask             func(p *serverProcess, request, copy int) (stormAnswer, error)
	requests, kills int
	reached         chan struct{} // so many are answered that it is time for the next kill

	mu            sync.Mutex
	changed       sync.Cond
	server        *serverProcess // nil while there is none
	answered, cut int
	// answers to each copy, and to one more that is sent when all is over.
	answers [][stormCopies + 1]stormAnswer
}

// stormAnswer is what a copy got; an empty made says that nothing was.
type stormAnswer struct {
	made     string // id of the account
	replayed bool
	said     any // all of the answer, but what only its transport needs
}

// rage sends everything, with the kills spread over it by how much is answered: no
// part of it depends on how fast the machine is.
func (s *storm) rage(t *testing.T, file string) {
	s.changed.L = &s.mu
	s.server = spawn(t, "--store", file)
	copies := make(chan [2]int, stormCopies*s.requests)
	for _, c := range s.order() {
		copies <- c
	}
	close(copies)
	var all sync.WaitGroup
	for range stormClients {
		all.Go(func() {
			for c := range copies {
				s.send(t, c[0], c[1])
			}
		})
	}
	for range s.kills {
		<-s.reached
		time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond) // another moment of a commit each time
		s.mu.Lock()
		p := s.server
		s.server = nil
		s.mu.Unlock()
		if err := p.Process.Kill(); err != nil {
			t.Error(err)
		}
		<-p.exited
		if out, err := ratorProcess(t, "verify", "--store", file); err != nil {
			t.Errorf("after a kill: %v\n%s", err, out)
		}
		p = spawn(t, "--store", file)
		s.mu.Lock()
		s.server = p
		s.changed.Broadcast()
		s.mu.Unlock()
	}
	all.Wait()
	for request := range s.requests {
		s.send(t, request, stormCopies)
	}
	s.server.stop(t)
}

// order has the copies of a request near each other, in any order.
func (s *storm) order() [][2]int {
	type placed struct {
		copy [2]int
		at   float64
	}
	var all []placed
	for request := range s.requests {
		for c := range stormCopies {
			all = append(all, placed{[2]int{request, c}, float64(request) + stormClients*rand.Float64()/2})
		}
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	var order [][2]int
	for _, p := range all {
		order = append(order, p.copy)
	}
	return order
}

// send sends one copy until it is answered.
func (s *storm) send(t *testing.T, request, copy int) {
	for range stormPatience {
		s.mu.Lock()
		for s.server == nil {
			s.changed.Wait()
		}
		p := s.server
		s.mu.Unlock()
		a, err := s.ask(p, request, copy)
		s.mu.Lock()
		if err == nil {
			s.answers[request][copy] = a
			s.answered++
			if s.answered%max(1, stormCopies*s.requests/(s.kills+1)) == 0 && s.answered < stormCopies*s.requests {
				select {
				case s.reached <- struct{}{}:
				default:
				}
			}
			s.mu.Unlock()
			return
		}
		s.cut++
		s.mu.Unlock()
	}
	t.Errorf("request %d, copy %d was not answered %d times", request, copy, stormPatience)
}

func (s *storm) check(t *testing.T) {
	t.Helper()
	made, replayed := map[string]int{}, 0
	for request, copies := range s.answers {
		first, firsts := copies[0], 0
		for c, a := range copies {
			if diff := gocmp.Diff(first.said, a.said); diff != "" || a.made == "" {
				t.Errorf("request %d: copy %d got another answer than copy 0, or none (-0 +%d):\n%s", request, c, c, diff)
			}
			if a.replayed {
				replayed++
			} else {
				firsts++
			}
		}
		if firsts > 1 {
			t.Errorf("request %d: %d copies were not told that it was done before", request, firsts)
		}
		if other, twice := made[first.made]; twice {
			t.Errorf("requests %d and %d both made %s", other, request, first.made)
		}
		made[first.made] = request
	}
	t.Logf("%d requests, %d answers from what was kept, %d copies cut off by %d kills", s.requests, replayed, s.cut, s.kills)
	if s.cut == 0 {
		t.Error("no kill cut anything off")
	}
}

// stormHTTP keeps no connection to a server that was killed.
var stormHTTP = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: stormClients}, Timeout: patience}

// stormOverSOAP signs a customer up, each copy in another version of SOAP.
func stormOverSOAP(p *serverProcess, request, copy int) (a stormAnswer, err error) {
	client := &soap.Client{URL: p.endpoint, HTTP: stormHTTP, Version: []soap.Version{soap.Version11, soap.Version12}[copy%2]}
	r, err := client.Call(context.Background(), call(fmt.Sprintf("storm-%d", request)))
	if err == nil && r.ErrorCode == failure.TryAgain.Number {
		err = errors.New(r.ErrorMessage) // the machine is slow: another copy was not done in time
	}
	if err != nil {
		return a, err
	}
	a.replayed = r.Replayed
	r.Replayed = false
	a.made, a.said = accountOf(r), r
	return a, nil
}

// stormBases are the base paths of the dialects.
var stormBases = []string{"/customerManagement", "/tmf-api/customerManagement/v3", "/tmf-api/customerManagement/v4"}

// stormOverREST makes a customer, each request in one of the dialects.
func stormOverREST(p *serverProcess, request, _ int) (a stormAnswer, err error) {
	base := stormBases[request%len(stormBases)]
	body := fmt.Sprintf(`{"name":"Household %[1]d","engagedParty":{"id":"party-%[1]d","@referredType":"Individual"}}`, request)
	r, err := http.NewRequest(http.MethodPost, strings.TrimSuffix(p.endpoint, wire.Path)+base+"/customer", strings.NewReader(body))
	if err != nil {
		return a, err
	}
	r.Host = "rator.example.com" // addresses in answers are alike, whatever port the server has
	r.SetBasicAuth("crash", "")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", fmt.Sprintf("storm-%d", request))
	answer, err := stormHTTP.Do(r)
	if err != nil {
		return a, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode == http.StatusServiceUnavailable {
		return a, fmt.Errorf("%s %w", answer.Status, err)
	}
	a.replayed = answer.Header.Get("Idempotent-Replayed") == "true"
	a.said = []string{answer.Status, answer.Header.Get("Location"), answer.Header.Get("ETag"), string(text)}
	if answer.StatusCode == http.StatusCreated {
		_, a.made, _ = strings.Cut(answer.Header.Get("Location"), "/customer/c")
	}
	return a, nil
}
