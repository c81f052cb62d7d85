package convert_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/charset"
	"rator/replay/convert"
)

// sentAt is an entry with a time.
func sentAt(at, name string) map[string]any {
	e := entry("http://one/api", "text/xml; charset=utf-8", "<"+name+"/>", 200, "", "<ok/>")
	e["startedDateTime"] = at
	return e
}

// TestHAROrder: entries are played in the order they were sent, whatever the zone.
func TestHAROrder(t *testing.T) {
	names := func(entries ...map[string]any) (all []string, left string) {
		imported := must(convert.HAR(harFile(t, "1.2", entries...), convert.Options{}))
		for _, x := range imported.Folder.Exchanges {
			all = append(all, x.Name)
		}
		for _, l := range imported.Left {
			if !strings.HasPrefix(l.What, "secrets became variables") {
				left += l.String()
			}
		}
		return all, left
	}
	got, left := names(sentAt("2026-01-01T10:00:05.000Z", "d"), sentAt("2026-01-01T12:00:01+02:00", "a"), sentAt("2026-01-01T10:00:04.5Z", "c"), sentAt("2026-01-01T05:00:02.000-0500", "b"))
	if d := cmp.Diff([]string{"a", "b", "c", "d"}, got); d != "" || left != "" {
		t.Error(d, left)
	}
	got, left = names(sentAt("2026-01-01T10:00:05Z", "c"), sentAt("yesterday", "d"), sentAt("2026-01-01T10:00:04Z", "a"), sentAt("", "b"))
	if d := cmp.Diff([]string{"a", "b", "c", "d"}, got); d != "" || !strings.Contains(left, "2 of its 4 entries have no startedDateTime") {
		t.Error(d, left)
	}
	if got, left = names(sentAt("", "b"), sentAt("", "a")); strings.Join(got, "") != "ba" || left != "" {
		t.Error(got, left)
	}
}

// TestHARCharsets: a file is in the charset that it declares, whether the exporter wrote
// characters or base64 of what was sent.
func TestHARCharsets(t *testing.T) {
	const text, latin1 = "<a>Åse Øre</a>", `<?xml version="1.0" encoding="ISO-8859-1"?>`
	encoded := func(text, label string) string {
		out, err := charset.Encode(text, label)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	packed := func(text, label string) string {
		return base64.StdEncoding.EncodeToString([]byte(encoded(text, label)))
	}
	for name, c := range map[string]struct{ media, encoding, body, file, http string }{
		"declared":            {"text/xml", "", latin1 + text, encoded(latin1+text, "latin1"), "text/xml"},
		"declared and said":   {"text/xml; charset=ISO-8859-1", "", latin1 + text, encoded(latin1+text, "latin1"), "text/xml; charset=ISO-8859-1"},
		"said":                {"text/xml; charset=ISO-8859-1", "", text, text, "text/xml; charset=ISO-8859-1"},
		"UTF-16":              {"text/xml; charset=utf-16", "", `<?xml version="1.0" encoding="utf-16"?>` + text, `<?xml version="1.0" encoding="UTF-8"?>` + text, "text/xml; charset=utf-16"},
		"not in the charset":  {"text/xml", "", latin1 + "<a>€</a>", latin1 + "<a>&#8364;</a>", "text/xml"},
		"unknown":             {"text/xml", "", "<a>Å</a>", "<a>Å</a>", "text/xml"},
		"base64":              {"text/xml; charset=ISO-8859-1", "base64", packed(text, "latin1"), text, "text/xml; charset=ISO-8859-1"},
		"base64 in lines":     {"text/xml", "BASE64", packed(latin1+text, "latin1")[:20] + "\n" + packed(latin1+text, "latin1")[20:], encoded(latin1+text, "latin1"), "text/xml"},
		"base64 of UTF-16":    {"text/xml", "base64", packed(text, "UTF-16"), text, "text/xml; charset=UTF-16"},
		"base64 of UTF-8":     {"text/xml; charset=utf-8", "base64", packed(text, "utf-8"), text, "text/xml; charset=utf-8"},
		"base64, charset off": {"text/xml", "base64", packed(text, "UTF-16BE"), text, "text/xml; charset=UTF-16BE"},
	} {
		for _, field := range []string{"encoding", "_encoding"} {
			e := entry("http://one/api", c.media, c.body, 200, "", c.body)
			e["request"].(map[string]any)["postData"].(map[string]any)[field] = c.encoding
			content := e["response"].(map[string]any)["content"].(map[string]any)
			content[field], content["mimeType"] = c.encoding, c.media
			files := tree(t, written(t, must(convert.HAR(harFile(t, "1.2", e), convert.Options{}))))
			if files["01-a.request.xml"] != c.file || files["01-a.response.xml"] != c.file || !strings.Contains(files["01-a.http"], "Content-Type: "+c.http+"\n") {
				t.Errorf("%s: %q", name, files)
			}
		}
	}
}

// TestHAROfExporters: what some leave out, and what some put elsewhere.
func TestHAROfExporters(t *testing.T) {
	const request = `{"method": "POST", "url": "http://one/api", "postData": {"mimeType": "text/xml", "text": "<a/>"}}`
	for name, c := range map[string]struct{ log, file, content, left string }{
		"no version":        {`"entries": [{"request": ` + request + `, "response": {"status": 200, "content": {"text": "<ok/>"}}}]`, "01-a.response.xml", "<ok/>", ""},
		"no answer's body":  {`"version": "1.2", "entries": [{"request": ` + request + `, "response": {"status": 200, "content": {"size": 70}}}]`, "01-a.request.xml", "<a/>", "entry 1: POST one/api: the file does not have the answer's body; rator replay --update writes the one that comes"},
		"an empty answer":   {`"version": "1.2", "entries": [{"request": ` + request + `, "response": {"status": 202, "content": {"size": 0, "text": ""}}}]`, "01-a.response.bin", "", ""},
		"bodies beside":     {`"version": "1.2", "entries": [{"request": ` + request + `, "response": {"status": 200, "content": {"_file": "1.xml"}}}]`, "", "", "the answer's body is in the file 1.xml; export it with its bodies inside; skipped"},
		"an odd encoding":   {`"version": "1.2", "entries": [{"request": ` + request + `, "response": {"status": 200, "content": {"encoding": "rot13", "text": "x"}}}]`, "", "", "the answer's body is in the encoding rot13, which is not known here; skipped"},
		"an answer of ours": {`"version": "1.2", "entries": [{"request": {"method": "POST", "url": "http://one/api", "postData": {"mimeType": "text/xml", "text": "<n:executeMethod xmlns:n='http://soap.CDRator.com/'><arg0><hookpointKey>SOAP_X</hookpointKey></arg0></n:executeMethod>"}}, "response": {"status": 200, "content": {"text": "<ok/>"}}}]`, "01-SOAP_X.response.xml", "<ok/>", ""},
		"another version":   {`"version": "2.0", "entries": [{"request": ` + request + `, "response": {"status": 200, "content": {"text": "<ok/>"}}}]`, "01-a.response.xml", "<ok/>", "it is HAR 2.0, which is not known here"},
	} {
		file := filepath.Join(t.TempDir(), "recorded.har")
		if err := os.WriteFile(file, []byte(`{"log": {`+c.log+`}}`), 0o644); err != nil {
			t.Fatal(err)
		}
		imported, err := convert.HAR(file, convert.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		left := ""
		for _, l := range imported.Left {
			left += l.String()
		}
		if !strings.Contains(left, c.left) || c.left == "" && left != "" {
			t.Errorf("%s: %s", name, left)
		}
		if files := tree(t, written(t, imported)); c.file != "" {
			if content, ok := files[c.file]; !ok || content != c.content {
				t.Errorf("%s: %q", name, files)
			}
		}
	}
}
