package convert

import (
	"encoding/base64"
	"errors"
	"strings"

	"rator/charset"
	"rator/replay/fixture"
)

// harContent is a body. Text is characters, decoded by who wrote the file, or base64 of
// what was sent; HAR 1.2 has the encoding for answers alone, and exporters write it for
// requests as well, some as a field of their own.
type harContent struct {
	MimeType    string `json:"mimeType"`
	Text        string `json:"text"`
	Size        int64  `json:"size"`
	Encoding    string `json:"encoding"`
	OwnEncoding string `json:"_encoding"`
	OwnFile     string `json:"_file"` // Playwright's: the body is in a file beside
}

// text is the body as a fixture's text, in the charset that the XML declares, and the
// Content-Type that it then has; what is no XML as it was sent.
func (c *harContent) text(contentType string) ([]byte, string, error) {
	if c == nil {
		return nil, contentType, nil
	}
	if c.Text == "" && c.OwnFile != "" {
		return nil, "", errors.New("is in the file " + c.OwnFile + "; export it with its bodies inside")
	}
	body := []byte(c.Text)
	switch strings.ToLower(c.Encoding + c.OwnEncoding) {
	case "":
		switch said := charset.Declared(c.Text); {
		case charset.Of(said).IsUTF16():
			return []byte(charset.Redeclared(c.Text, string(charset.UTF8))), contentType, nil
		case said != "" && charset.Known(said):
			encoded, err := charset.Encode(c.Text, said)
			return encoded, contentType, err
		}
		return body, contentType, nil
	case "base64":
		var err error
		if body, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(c.Text), "")); err != nil {
			return nil, "", errors.New("is no base64")
		}
	default:
		return nil, "", errors.New("is in the encoding " + c.Encoding + c.OwnEncoding + ", which is not known here")
	}
	if text, as, err := fixture.TextOf(body, contentType); err == nil {
		return text, as, nil
	}
	return body, contentType, nil
}
