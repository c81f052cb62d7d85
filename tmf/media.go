package tmf

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rator/charset"
	"rator/tmf/dialect"
	"rator/tmf/problem"
	"rator/transport"
)

var patchTypes = []string{dialect.JSON, dialect.MergePatch, dialect.JSONPatch}

// mediaOf is the media type of a body, which must be one of those taken: a body
// that says nothing counts as the first. It fails with a *problem.Error.
func mediaOf(r *http.Request, taken []string) (string, error) {
	if _, ok := transport.CodingOf(r.Header); !ok {
		return "", problem.WrongMediaType.With("Content-Encoding %.40q is not taken; take one of %s", strings.Join(r.Header["Content-Encoding"], ", "), transport.TakenCodings)
	}
	header := r.Header.Get("Content-Type")
	if header == "" {
		return taken[0], nil
	}
	media, parameters, err := mime.ParseMediaType(header)
	if err != nil || !slices.Contains(taken, media) {
		return "", problem.WrongMediaType.With("Content-Type %.80q is not taken; take %s", header, strings.Join(taken, " or "))
	}
	label := parameters["charset"]
	if is := charset.Of(label); label != "" && is != charset.UTF8 && is != charset.ASCII {
		return "", problem.WrongMediaType.With("charset %.40q is not taken: JSON is UTF-8", label)
	}
	return media, nil
}

// accepts reports whether an Accept header takes JSON; the most specific range
// that covers it decides (RFC 9110 12.5.1).
func accepts(header []string) bool {
	best, taken := -1, len(header) == 0
	for item := range strings.SplitSeq(strings.Join(header, ","), ",") {
		name, parameters, _ := strings.Cut(strings.TrimSpace(item), ";")
		rank := slices.Index([]string{"*/*", "application/*", dialect.JSON}, strings.ToLower(strings.TrimSpace(name)))
		if name == "" && len(header) == 1 && header[0] == "" {
			return true
		}
		if rank >= 0 && rank >= best {
			wanted := !refused(parameters)
			taken, best = wanted || taken && rank == best, rank
		}
	}
	return taken
}

// refused reports whether the parameters of a range say q=0.
func refused(parameters string) bool {
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(name, "q") {
			q, err := strconv.ParseFloat(value, 64)
			return err == nil && q == 0
		}
	}
	return false
}
