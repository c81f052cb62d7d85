package report_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay/report"
)

// TestJSON reads the object as a script does: all is there, in the order in which
// it was played.
func TestJSON(t *testing.T) {
	p := everything(t)
	var b bytes.Buffer
	p.tell(t, report.NewJSON(&b, report.Options{Coverage: p.coverage, MaxP99: 50 * time.Millisecond}))
	var got struct {
		Version   int
		Scenarios []struct {
			Name, Outcome, Error string
			Not_played           []string
			Exchanges            []struct {
				Step, Outcome string
				Differences   []struct {
					Path, Kind, Want, Got, File string
					Line, Column                int
				}
				Want, Got *struct {
					Bytes        int
					Text, Base64 string
					Cut          bool
				}
			}
		}
		Operations []struct {
			Operation string
			P99_ms    float64
			Slow      bool
		}
		Coverage *struct{ Percent float64 }
		Summary  struct {
			Endpoint    string
			Unreachable bool
			Exchanges   map[string]int
		}
	}
	d := json.NewDecoder(&b)
	if err := d.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if d.More() {
		t.Error("there is more than one object")
	}
	var names []string
	differences := 0
	for _, s := range got.Scenarios {
		names = append(names, s.Name)
		for _, x := range s.Exchanges {
			differences += len(x.Differences)
		}
	}
	var played []string
	for _, r := range p.results {
		played = append(played, r.Scenario.Name)
	}
	if diff := cmp.Diff(played, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if differences != 20 {
		t.Errorf("%d differences, want 20", differences)
	}
	if diff := cmp.Diff(map[string]int{"equal": 3, "different": 15, "failed": 1, "not_played": 4}, got.Summary.Exchanges); diff != "" || !got.Summary.Unreachable {
		t.Errorf("(-want +got):\n%s", diff)
	}
	raw := got.Scenarios[len(got.Scenarios)-3]
	if body := raw.Exchanges[0].Want; !body.Cut || body.Bytes != 640_000 || len(body.Text) != 64<<10 {
		t.Errorf("a huge body: cut %v, %d bytes, %d of them here", body.Cut, body.Bytes, len(body.Text))
	}
	if diff := cmp.Diff([]string{"03-never"}, raw.Not_played); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Coverage == nil || got.Coverage.Percent != 37.5 {
		t.Errorf("coverage: %+v", got.Coverage)
	}
	slow := map[string]bool{}
	for _, o := range got.Operations {
		slow[o.Operation] = o.Slow
	}
	if !slow["upload"] || slow["SOAP_PAY"] {
		t.Errorf("slow: %v", slow)
	}
}
