package replay_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rator/replay"
	"rator/replay/fixture"
	"rator/workflow/contract"
)

// A tester's program plays a folder of recorded exchanges against a server and is told
// of each scenario what differs. Ids that the server made anew differ, and do not count:
// what it answered with one is sent on in the requests that follow.
func Example() {
	dir, err := os.MkdirTemp("", "recorded")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	for name, text := range map[string]string{
		// What was recorded: an order is made, then asked for by its id.
		"01-order.request.xml":  `<order><customer>Åse</customer></order>`,
		"01-order.response.xml": `<made><id>201401020304051111</id></made>`,
		"02-state.request.xml":  `<state><id>201401020304051111</id></state>`,
		"02-state.response.xml": `<order><id>201401020304051111</id><state>open</state><sum>12.50</sum></order>`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			fmt.Println(err)
			return
		}
	}
	scenarios, err := fixture.Find(fixture.Options{}, dir)
	if err != nil {
		fmt.Println(err) // each mistake in the files, with its place
		return
	}

	server := httptest.NewServer(http.HandlerFunc(orders))
	defer server.Close()
	none := func(hookpoint string) *contract.Contract { return nil } // no contracts are known
	target, err := replay.Remote(server.URL+"/orders", 1, time.Minute, none)
	if err != nil {
		fmt.Println(err)
		return
	}
	player := &replay.Player{Target: target, Sink: printer{}}
	if _, err := player.Play(context.Background(), scenarios); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 01-order equal
	// 02-state different
	//   order/sum: want 12.50, got 12.75
	// 2 of 2 played, 1 equal
}

// printer is a sink: it is told of each scenario in turn, then of the whole. Those of
// replay/report write for terminals, JUnit and browsers.
type printer struct{}

func (printer) Played(r *replay.Result) error {
	for _, x := range r.Exchanges {
		fmt.Println(x.Step.Label(), x.Outcome)
		for _, d := range x.Differences {
			fmt.Printf("  %s: want %s, got %s\n", d.Path, d.Want, d.Got)
		}
	}
	return r.Err
}

func (printer) Done(s *replay.Summary) error {
	fmt.Println(s.Played, "of", s.Planned, "played,", s.Exchanges[replay.Equal], "equal")
	return nil
}

// orders is the server under test. It gives an order an id of its own.
func orders(w http.ResponseWriter, r *http.Request) {
	const id = "202611300000000042"
	body, err := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case strings.HasPrefix(string(body), "<order>"):
		fmt.Fprintf(w, "<made><id>%s</id></made>", id)
	case strings.Contains(string(body), id):
		fmt.Fprintf(w, "<order><id>%s</id><state>open</state><sum>12.75</sum></order>", id)
	default:
		http.Error(w, "no such order", http.StatusNotFound)
	}
}
