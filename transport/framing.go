package transport

import (
	"bytes"
	"strconv"
	"strings"
)

// framing follows the requests on a connection as their bytes go by, to see the
// head of each: net/http drops the Content-Length of a request that has a
// Transfer-Encoding, too, and goes on with the connection, where RFC 9112, 6.3,
// demands its end, for a proxy that counts by the length sees other requests.
//
// It is stricter than net/http: what both take they take alike, and behind what it
// cannot follow the connection ends. So no request begins where it does not look.
type framing struct {
	stage stage
	left  uint64 // bytes of a body or a chunk
	line  []byte // what came of a line that is not whole
	head
}

// stage is what the next byte belongs to.
type stage uint8

const (
	inHead stage = iota
	inBody
	inChunkSize
	inChunk
	inChunkEnd
	inTrailer
	ended // nothing may follow
)

// head is what was read of a request's head.
type head struct {
	begun   bool   // the request line was read
	http11  bool   // it says so
	lengths bool   // there is a Content-Length
	length  uint64 // and this is what it says
	wrong   bool   // it is no number, or two
	codings int    // how many Transfer-Encodings there are
	chunked bool   // the last one says so
	framed  bool   // the last field was one of the two
}

// Why a request is refused.
const (
	whyBoth   = "Content-Length and Transfer-Encoding together"
	whyFolded = "a Content-Length or Transfer-Encoding on two lines"
	whyOld    = "Transfer-Encoding in a request that is not HTTP/1.1"
)

// longestLine bounds what is kept of a line that arrives in pieces.
const longestLine = 16 << 10

// pass looks at bytes that came and gives how many of them may go on. why is not
// empty when the line that begins behind them must not: the request is refused.
func (f *framing) pass(p []byte) (n int, why string) {
	for n < len(p) {
		switch f.stage {
		case ended:
			return n, ""
		case inBody, inChunk:
			skipped := min(f.left, uint64(len(p)-n))
			n += int(skipped)
			if f.left -= skipped; f.left == 0 && f.stage == inChunk {
				f.stage = inChunkEnd
			} else if f.left == 0 {
				f.stage = inHead
			}
			continue
		}
		size := bytes.IndexByte(p[n:], '\n') + 1
		if size == 0 {
			f.keep(p[n:])
			return len(p), ""
		}
		line := p[n : n+size]
		if len(f.line) > 0 {
			f.keep(line)
			line = f.line
		}
		if why = f.read(line); why != "" {
			return n, why
		}
		f.line = f.line[:0]
		n += size
	}
	return n, ""
}

func (f *framing) keep(piece []byte) {
	f.line = append(f.line, piece[:min(len(piece), longestLine-len(f.line))]...)
}

// read takes a whole line, with its end.
func (f *framing) read(line []byte) (why string) {
	switch f.stage {
	case inHead:
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		switch {
		case len(line) > 0:
			return f.head.read(line)
		case f.begun: // else an empty line before a request, which is skipped
			f.body()
		}
	case inChunkSize:
		f.chunk(line)
	case inChunkEnd:
		if f.stage = inChunkSize; string(line) != "\r\n" {
			f.stage = ended
		}
	case inTrailer:
		switch {
		case !bytes.HasSuffix(line, []byte("\r\n")):
			f.stage = ended
		case len(line) == len("\r\n"):
			f.stage = inHead
		}
	}
	return ""
}

// read takes a line of a head, without its end.
func (h *head) read(line []byte) (why string) {
	if !h.begun {
		h.begun, h.http11 = true, bytes.HasSuffix(line, []byte(" HTTP/1.1"))
		return ""
	}
	if line[0] == ' ' || line[0] == '\t' {
		if h.framed {
			return whyFolded
		}
		return ""
	}
	h.framed = false
	if first := line[0] | 0x20; first != 'c' && first != 't' { // most fields end here
		return ""
	}
	name, value, _ := bytes.Cut(line, []byte(":"))
	name = bytes.TrimRight(name, " \t") // net/http refuses it so
	switch {
	case strings.EqualFold(string(name), "Content-Length"):
		length, err := strconv.ParseUint(string(bytes.Trim(value, " \t")), 10, 63)
		h.wrong = h.wrong || err != nil || h.lengths && h.length != length
		h.framed, h.lengths, h.length = true, true, length
	case strings.EqualFold(string(name), "Transfer-Encoding"):
		h.framed, h.codings = true, h.codings+1
		h.chunked = strings.EqualFold(string(bytes.Trim(value, " \t")), "chunked")
	default:
		return ""
	}
	switch {
	case h.codings > 0 && h.lengths:
		return whyBoth
	case h.codings > 0 && !h.http11:
		return whyOld
	}
	return ""
}

// body goes on behind a head. What net/http refuses itself is the last there is.
func (f *framing) body() {
	h := f.head
	f.head = head{}
	switch {
	case h.codings == 0 && !h.lengths:
	case h.codings == 1 && h.chunked:
		f.stage = inChunkSize
	case h.codings > 0 || h.wrong:
		f.stage = ended
	case h.length > 0:
		f.stage, f.left = inBody, h.length
	}
}

// chunk reads the line before a chunk (RFC 9112, 7.1).
func (f *framing) chunk(line []byte) {
	line, whole := bytes.CutSuffix(line, []byte("\r\n"))
	size, _, _ := bytes.Cut(line, []byte(";"))
	n, err := strconv.ParseUint(string(bytes.TrimRight(size, " \t")), 16, 60)
	switch {
	case !whole || err != nil:
		f.stage = ended
	case n == 0:
		f.stage = inTrailer
	default:
		f.stage, f.left = inChunk, n
	}
}
