package mock

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Failure is what a share of requests gets instead of an answer.
type Failure struct {
	Share  float64 // of requests, 0 to 1
	How    string  // "" = Status, or reset, or fault
	Status int
}

// Ways to fail beside a status.
const (
	failReset = "reset" // the connection is cut
	failFault = "fault" // a SOAP fault, HTTP 500
)

// ParseFailures reads 2%, 2%:503, 1%:reset and 1%:fault; several go together.
func ParseFailures(texts []string) ([]Failure, error) {
	var all []Failure
	total := 0.0
	for _, text := range texts {
		share, how, given := strings.Cut(text, ":")
		percent, err := strconv.ParseFloat(strings.TrimSuffix(share, "%"), 64)
		if err != nil || !strings.HasSuffix(share, "%") || !(percent > 0 && percent <= 100) {
			return nil, fmt.Errorf("%q: a share is such as 2%% or 0.5%%, above 0 and up to 100", text)
		}
		f := Failure{Share: percent / 100, Status: http.StatusServiceUnavailable}
		switch status, err := strconv.Atoi(how); {
		case !given:
		case how == failReset, how == failFault:
			f.How = how
		case err == nil && status >= 400 && status <= 599:
			f.Status = status
		default:
			return nil, fmt.Errorf("%q: a failure is a status from 400 to 599, %s or %s, such as 2%%:503", text, failReset, failFault)
		}
		if total += percent; total > 100 {
			return nil, fmt.Errorf("failures of %g%% in all are more than 100%%", total)
		}
		all = append(all, f)
	}
	return all, nil
}

// String is how it fails.
func (f *Failure) String() string {
	if f.How != "" {
		return f.How
	}
	return strconv.Itoa(f.Status)
}

func (f *Failure) answer(w http.ResponseWriter, asked *request) {
	const why = "failed on purpose, as the mock was told"
	switch f.How {
	case failReset:
		reset(w)
	case failFault:
		sendFault(w, asked, why)
	default:
		w.Header().Set("Rator-Mock", "failed")
		http.Error(w, why, f.Status)
	}
}

// reset cuts the connection without an end, so that the client reads that it was
// reset. Where the connection cannot be had the answer is aborted.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(interface{ SetLinger(int) error }); ok {
		_ = tcp.SetLinger(0) // else it ends in order, which is seen as well
	}
	_ = conn.Close() // nothing was written
}
