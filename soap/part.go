package soap

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"

	"rator/charset"
)

// part is one part of a message of several.
type part struct {
	number  int    // from 1
	id      string // Content-ID without its brackets
	kind    string // media type; "" when it says none
	charset string
	version Version // that an MTOM root part says it is of
	content string  // without its transfer encoding
}

// String names a part in errors.
func (p *part) String() string {
	if p.id == "" {
		return fmt.Sprintf("part %d", p.number)
	}
	return fmt.Sprintf("part %d <%s>", p.number, clip(p.id))
}

func partNamed(parts []part, id string) *part {
	for i := range parts {
		if parts[i].id == id {
			return &parts[i]
		}
	}
	return nil
}

// contentID is a Content-ID without its brackets.
func contentID(header string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(header), "<"), ">")
}

// parts takes a message apart. It must end with its last boundary: a part that
// was cut off would pass for a whole one.
func (p *Package) parts(message string, limits *Limits) ([]part, error) {
	switch {
	case len(message) > limits.MessageBytes:
		return nil, &LimitError{Limit: limitMessageBytes, Max: limits.MessageBytes}
	case p.Boundary == "":
		return nil, messageError("the Content-Type multipart/related names no boundary")
	}
	reader := multipart.NewReader(strings.NewReader(message), p.Boundary)
	var parts []part
	for {
		raw, err := reader.NextRawPart()
		switch {
		case err == io.EOF && p.closes(message):
			return parts, nil
		case err != nil:
			return nil, messageError("the multipart message cannot be read after part %d: its last boundary is missing, or a part's headers are broken", len(parts))
		case len(parts) == limits.Parts:
			return nil, &LimitError{Limit: limitParts, Max: limits.Parts}
		}
		read, err := readPart(len(parts)+1, raw, limits)
		if err != nil {
			return nil, err
		}
		if read.id != "" && partNamed(parts, read.id) != nil {
			return nil, messageError("two parts have the Content-ID <%s>", clip(read.id))
		}
		parts = append(parts, read)
	}
}

// closes reports whether the message has its last boundary; the library ends at
// headers that are cut off as well.
func (p *Package) closes(message string) bool {
	last := "--" + p.Boundary + "--"
	return strings.HasPrefix(message, last) || strings.Contains(message, "\n"+last)
}

func readPart(number int, raw *multipart.Part, limits *Limits) (part, error) {
	if headerBytes(raw.Header) > limits.PartHeaderBytes {
		return part{}, &LimitError{Limit: limitPartHeaderBytes, Max: limits.PartHeaderBytes}
	}
	p := part{number: number, id: contentID(raw.Header.Get("Content-ID"))}
	if header := raw.Header.Get("Content-Type"); header != "" {
		var parameters map[string]string
		p.kind, parameters = mediaType(header)
		p.charset = charset.Clean(parameters["charset"])
		p.version, _ = envelopeType(mediaKind(parameters["type"]))
	}
	if strings.HasPrefix(p.kind, "multipart/") || strings.HasPrefix(p.kind, "message/") {
		return p, messageError("%s is %s: a part cannot have parts", &p, clip(p.kind))
	}
	content, err := transferred(raw)
	if err != nil {
		return p, messageError("%s: %s", &p, err)
	}
	p.content = content
	return p, nil
}

func headerBytes(header textproto.MIMEHeader) int {
	n := 0
	for name, values := range header {
		for _, value := range values {
			n += len(name) + len(": ") + len(value) + len("\r\n")
		}
	}
	return n
}

// transferred reads a part's content out of its transfer encoding (RFC 2045, 6).
func transferred(raw *multipart.Part) (string, error) {
	var from io.Reader = raw
	encoding := strings.ToLower(strings.TrimSpace(raw.Header.Get("Content-Transfer-Encoding")))
	switch encoding {
	case "", "7bit", "8bit", "binary":
	case "base64":
		from = base64.NewDecoder(base64.StdEncoding, raw)
	case "quoted-printable":
		from = quotedprintable.NewReader(raw)
	default:
		return "", fmt.Errorf("Content-Transfer-Encoding %s is not taken: send binary, 8bit, 7bit, quoted-printable or base64", clip(encoding))
	}
	var content strings.Builder
	if _, err := io.Copy(&content, from); err != nil {
		if encoding == "base64" || encoding == "quoted-printable" {
			return "", fmt.Errorf("its content is cut off, or is not %s", encoding)
		}
		return "", fmt.Errorf("its content is cut off: the last boundary is missing")
	}
	return content.String(), nil
}
