package query

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/problem"
)

// Page is the part of a list that was asked for: items first to end, from 0, end
// not included.
type Page struct {
	First, End int
	limit      int  // noLimit, or what next and previous pages are as long as
	paged      bool // by offset and limit
	ranged     bool // by Range
}

// PageOf reads what a request asks for. It fails with a *problem.Error.
func PageOf(r *http.Request, q *Query) (Page, error) {
	p := Page{First: q.offset, End: math.MaxInt, limit: q.limit, paged: q.Paged}
	if q.limit != noLimit {
		p.End = q.offset + q.limit
	}
	spec, found := strings.CutPrefix(strings.TrimSpace(r.Header.Get("Range")), "items=")
	switch {
	case !found: // no range, or in a unit that is not served (RFC 9110 14.2)
		return p, nil
	case q.Paged:
		return Page{}, problem.BadQuery.With("Range and offset or limit exclude each other")
	}
	from, to, ok := strings.Cut(spec, "-")
	first, err := strconv.ParseUint(strings.TrimSpace(from), 10, 31)
	last := uint64(math.MaxInt32)
	if to = strings.TrimSpace(to); err == nil && to != "" {
		last, err = strconv.ParseUint(to, 10, 31)
	}
	if !ok || err != nil || first == 0 || last < first {
		return Page{}, problem.BadFormat.With("Range must be items=first-last or items=first-, counted from 1, not %.40q", r.Header.Get("Range"))
	}
	return Page{First: int(first) - 1, End: int(last), limit: noLimit, ranged: true}, nil
}

// Check fails with a *problem.Error when the page starts after the last item. An
// offset of exactly the end is an empty page, for clients that go on until one
// comes.
func (p Page) Check(total int) error {
	if p.ranged && p.First >= total || p.paged && p.First > total && total > 0 {
		return problem.BeyondTheEnd.With("item %d is asked for, of %d", p.First+1, total).
			And("Content-Range", fmt.Sprintf("items */%d", total))
	}
	return nil
}

// Length is how many of the items the page has.
func (p Page) Length(total int) int { return max(0, min(p.End, total)-p.First) }

// Headers says what part of the list an answer is, and gives its status
// (tmf-customer.md 3 "status when paged").
func (p Page) Headers(h http.Header, d *dialect.Dialect, length, total int) (status int) {
	h.Set("X-Total-Count", strconv.Itoa(total))
	h.Set("X-Result-Count", strconv.Itoa(length))
	status = http.StatusOK
	switch {
	case p.ranged:
		status = http.StatusPartialContent
	case p.paged && length > 0 && length < total:
		status = d.PartialStatus
	}
	if status == http.StatusPartialContent {
		h.Set("Content-Range", fmt.Sprintf("items %d-%d/%d", p.First+1, p.First+length, total))
	}
	return status
}

// Links are the addresses of the pages around this one (RFC 8288). address is
// that of the list, with every parameter but offset and limit; "" when there are
// no pages.
func (p Page) Links(address string, total int) string {
	if !p.paged || p.limit <= 0 {
		return ""
	}
	var all []string
	link := func(rel string, offset int) {
		all = append(all, fmt.Sprintf(`<%soffset=%d&limit=%d>; rel="%s"`, address, offset, p.limit, rel))
	}
	link("first", 0)
	if p.First > 0 {
		link("prev", max(0, p.First-p.limit))
	}
	if p.End < total {
		link("next", p.End)
	}
	if total > 0 {
		link("last", (total-1)/p.limit*p.limit)
	}
	return strings.Join(all, ", ")
}

// WithoutPaging is a raw query without offset and limit, ready for them, and without
// what means nothing.
func WithoutPaging(raw string) string {
	var kept strings.Builder
	kept.WriteByte('?')
	for group := range strings.SplitSeq(raw, "&") {
		if p, _, err := parseParameter(group); err == nil && group != "" && p.name != "offset" && p.name != "limit" && p.name != cacheBuster {
			kept.WriteString(linkSafe.Replace(group))
			kept.WriteByte('&')
		}
	}
	return kept.String()
}

// linkSafe encodes what would end an address in a Link header.
var linkSafe = strings.NewReplacer("<", "%3C", ">", "%3E", `"`, "%22", " ", "%20")
