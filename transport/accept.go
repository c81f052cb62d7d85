package transport

import (
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// AcceptsGzip reports whether an Accept-Encoding asks for gzip (RFC 9110,
// 12.5.3): by its name, or by * when it is not named, and no less than for an
// answer that is not packed where that is named. A request that says nothing asks
// for nothing.
func AcceptsGzip(h http.Header) bool {
	asked := h["Accept-Encoding"]
	if len(asked) == 0 {
		return false
	}
	const unsaid = -1
	named, any, identity := float64(unsaid), float64(unsaid), float64(unsaid)
	for _, line := range asked {
		for item := range strings.SplitSeq(line, ",") {
			name, parameters, _ := strings.Cut(item, ";")
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "gzip", "x-gzip":
				named = max(named, weight(parameters))
			case "*":
				any = weight(parameters)
			case "identity":
				identity = weight(parameters)
			}
		}
	}
	if named == unsaid {
		named = any
	}
	return named > 0 && named >= identity
}

// weight is the q of an item, 1 when it has none; what cannot be read asks for
// nothing.
func weight(parameters string) float64 {
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return 0
		}
		return q
	}
	return 1
}

// WorthPacking is from how many bytes on an answer is packed: what fits into one
// packet of a network takes one either way.
const WorthPacking = 1400

// AppendGzip appends body as gzip, packed as fast as can be.
func AppendGzip(to, body []byte) []byte {
	a := appenders.Get().(*appender)
	defer appenders.Put(a)
	a.to = to
	a.gzip.Reset(a)
	_, _ = a.gzip.Write(body) // an appender takes all
	_ = a.gzip.Close()
	to, a.to = a.to, nil
	return to
}

var appenders = sync.Pool{New: func() any {
	a := new(appender)
	a.gzip, _ = gzip.NewWriterLevel(a, gzip.BestSpeed) // the level is one that there is
	return a
}}

// appender is a writer to the end of a slice.
type appender struct {
	to   []byte
	gzip *gzip.Writer
}

func (a *appender) Write(p []byte) (int, error) {
	a.to = append(a.to, p...)
	return len(p), nil
}
