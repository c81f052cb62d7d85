package soap

import (
	"strings"

	"rator/charset"
)

// Package is how a message of several parts is put together: multipart/related
// (RFC 2387), as clients send it with MTOM or with attachments.
type Package struct {
	Boundary string
	Start    string // Content-ID of the root part, without its brackets; "" = the first part is it
}

// packagedType is that of the root part of an MTOM message (XOP, 4.1).
const packagedType = "application/xop+xml"

// packageMedia reads the parameters of multipart/related. It is false when they
// say that the root part is no envelope.
func packageMedia(parameters map[string]string) (Media, bool) {
	kind, info := mediaKind(parameters["type"]), mediaKind(parameters["start-info"])
	if kind == "" || kind == packagedType {
		kind = info
	}
	version, ok := envelopeType(kind)
	return Media{
		Version: version,
		Package: &Package{Boundary: parameters["boundary"], Start: contentID(parameters["start"])},
	}, ok || kind == ""
}

// mediaKind is a media type without its parameters.
func mediaKind(contentType string) string {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// Plain gives the envelope of a message of several parts, with the parts that
// xop:Include names in their places, and what its media then is. Any other
// message is given as it is.
//
// The limits are those of the whole message and again of the envelope. The error
// is a *SyntaxError or a *LimitError; the media has its Version then, too.
func Plain(message string, media Media, limits *Limits) (string, Media, error) {
	if media.Package == nil {
		return message, media, nil
	}
	parts, err := media.Package.parts(message, limits)
	if err != nil {
		return "", media, err
	}
	root, err := media.Package.root(parts)
	if err != nil {
		return "", media, err
	}
	plain := Media{Charset: root.charset, Version: max(media.Version, root.version)}
	text, start, err := toUTF8(root.content, root.charset)
	if err != nil || !strings.Contains(text, "Include") {
		return root.content, plain, err // as it came, so that places in errors are those of the part
	}
	text, err = include(text, start, parts, limits)
	plain.Charset = string(charset.UTF8)
	return text, plain, err
}

// root is the part that start names, else the first.
func (p *Package) root(parts []part) (*part, error) {
	if len(parts) == 0 {
		return nil, messageError("the multipart message has no part")
	}
	root := &parts[0]
	if p.Start != "" {
		if root = partNamed(parts, p.Start); root == nil {
			return nil, messageError("start names the part <%s>, and no part has that Content-ID", clip(p.Start))
		}
	}
	version, ok := envelopeType(root.kind)
	if !ok && root.kind != packagedType && root.kind != "" {
		return nil, messageError("%s, the root part, is %s: send the envelope as %s or text/xml", root, clip(root.kind), packagedType)
	}
	root.version = max(root.version, version)
	return root, nil
}
