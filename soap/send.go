package soap

import (
	"strconv"

	"rator/transport"
	"rator/workflow"
)

// packable tells whether the answer may be packed: it is asked for, and nothing
// in it is a secret. How long a packed answer is says something of what is in it
// to who can put text beside it and watch (BREACH).
func (x *exchange) packable(m *Message, result *workflow.Result) bool {
	return transport.AcceptsGzip(x.r.Header) && !x.options.Secret(m.Hookpoint, result.Values)
}

// send writes a message from a buffer that is kept for the next one, packed when
// it may be and is worth it.
func (x *exchange) send(v Version, status int, packable bool, appendTo func([]byte) []byte) {
	buffer := x.buffers.Get().(*[]byte)
	defer x.keep(buffer)
	*buffer = appendTo((*buffer)[:0])
	sent, header := *buffer, x.w.Header()
	if packable && len(sent) >= transport.WorthPacking {
		packed := x.buffers.Get().(*[]byte)
		defer x.keep(packed)
		*packed = transport.AppendGzip((*packed)[:0], sent)
		sent = *packed
		header.Set("Content-Encoding", string(transport.Gzip))
		header.Set("Vary", "Accept-Encoding")
	}
	header["Content-Type"] = contentTypes[v]
	header.Set("Content-Length", strconv.Itoa(len(sent)))
	x.w.WriteHeader(status)
	_, _ = x.w.Write(sent) // whoever hung up gets no answer
	x.answered(status, *buffer)
}

// keep keeps a buffer for the next message, unless it became too large for most.
func (x *exchange) keep(buffer *[]byte) {
	const keptBytes = 256 << 10
	if cap(*buffer) <= keptBytes {
		x.buffers.Put(buffer)
	}
}
