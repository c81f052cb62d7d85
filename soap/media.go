package soap

import (
	"mime"
	"strings"

	"rator/charset"
)

// Media is what a Content-Type says of a message.
type Media struct {
	Charset string // "" when it names none
	// Version is the one the media type belongs to. It is that of a fault to a
	// message whose Envelope cannot be read, and means nothing else.
	Version Version
	// Package says how a message of several parts is taken apart, by Plain; nil
	// for one that is the envelope itself.
	Package *Package
}

// contentType is a media type that says the same of an envelope.
func (m Media) contentType() string {
	kind, _, _ := strings.Cut(m.Version.ContentType(), ";")
	if m.Charset == "" {
		return kind
	}
	return mime.FormatMediaType(kind, map[string]string{"charset": m.Charset})
}

// ParseMedia reads a Content-Type. It is false for a type that is no XML
// message of ours; a missing Content-Type is taken for text/xml.
func ParseMedia(contentType string) (Media, bool) {
	switch contentType {
	case "":
		return Media{}, true
	case Version11.ContentType(): // most requests', which needs no reading
		return Media{Charset: "utf-8"}, true
	}
	kind, parameters := mediaType(contentType)
	if kind == "multipart/related" {
		return packageMedia(parameters)
	}
	version, ok := envelopeType(kind)
	return Media{Charset: charset.Clean(parameters["charset"]), Version: version}, ok
}

// envelopeType tells the media types that an envelope is sent as, and the version
// each belongs to.
func envelopeType(kind string) (Version, bool) {
	switch kind {
	case "text/xml", "application/xml":
		return Version11, true
	case "application/soap+xml":
		return Version12, true
	}
	return Version11, false
}

// mediaType reads a media type and its parameters as far as they can be read:
// one that is given twice or has an odd value is no reason to refuse the type.
func mediaType(contentType string) (kind string, parameters map[string]string) {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err == nil {
		return kind, parameters
	}
	kind, rest, _ := strings.Cut(contentType, ";")
	parameters = map[string]string{}
	for parameter := range strings.SplitSeq(rest, ";") {
		name, value, _ := strings.Cut(parameter, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if _, given := parameters[name]; !given {
			parameters[name] = charset.Clean(value)
		}
	}
	return strings.ToLower(strings.TrimSpace(kind)), parameters
}
