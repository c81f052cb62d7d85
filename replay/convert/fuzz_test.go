package convert_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/replay/convert"
)

// imported reads and writes what it read: neither may panic, and a fault that is
// caught is one all the same.
func imported(t *testing.T, src []byte, read func(string, convert.Options) (*convert.Import, error)) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, src, 0o600); err != nil {
		t.Fatal(err)
	}
	i, err := read(file, convert.Options{MaxEntries: 50})
	if err != nil {
		if strings.Contains(err.Error(), "the import itself failed") {
			t.Error(err)
		}
		return
	}
	if err := i.Write(filepath.Join(t.TempDir(), "suite")); err != nil && !os.IsExist(err) {
		t.Error(err)
	}
}

func FuzzSoapUI(f *testing.F) {
	src, err := os.ReadFile(testdata + "/soapui/orders-soapui-project.xml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(src)
	f.Fuzz(func(t *testing.T, src []byte) { imported(t, src, convert.SoapUI) })
}

// FuzzSoapUIRequest is of what a request says: values of other steps, and headers.
func FuzzSoapUIRequest(f *testing.F) {
	f.Add("<a>${a#Response#//id}</a>", "//a", "<entry key='X' value='${b}'/>")
	f.Add("<?xml version='1.0' encoding='x'?><a b='>'/>", "//a", "x")
	f.Add("<a><b/></a>", "//b", "")
	f.Fuzz(func(t *testing.T, body, path, headers string) {
		escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", "\r", "&#13;")
		step := func(name, kind, in string) string {
			return `<c:testStep type="` + kind + `" name="` + name + `"><c:config>` + in + `</c:config></c:testStep>`
		}
		request := `<c:request><c:settings><c:setting id="@request-headers">` + escape.Replace(headers) + `</c:setting></c:settings><c:endpoint>http://h/p</c:endpoint><c:request>` +
			escape.Replace(body) + `</c:request></c:request>`
		transfer := `<c:transfers><c:sourceType>Response</c:sourceType><c:sourceStep>a</c:sourceStep><c:sourcePath>` + escape.Replace(path) +
			`</c:sourcePath><c:targetType>Request</c:targetType><c:targetStep>b</c:targetStep><c:targetPath>` + escape.Replace(path) + `</c:targetPath></c:transfers>`
		imported(t, []byte(`<c:soapui-project xmlns:c="http://eviware.com/soapui/config" name="p"><c:testSuite name="s"><c:testCase name="c">`+
			step("a", "request", request)+step("t", "transfer", transfer)+step("b", "request", request)+`</c:testCase></c:testSuite></c:soapui-project>`), convert.SoapUI)
	})
}

func FuzzHAR(f *testing.F) {
	f.Add([]byte(`{"log":{"entries":[{"startedDateTime":"2026-01-01T10:00:00Z","request":{"method":"POST","url":"http://h/p?token=1","headers":[{"name":"Content-Type","value":"text/xml; charset=latin1"}],` +
		`"postData":{"mimeType":"text/xml","text":"<?xml version='1.0' encoding='ISO-8859-1'?><a>Å</a>"}},"response":{"status":200,"content":{"mimeType":"text/xml","text":"PG9rLz4=","encoding":"base64"}}}]}}`))
	f.Add([]byte(`{"log":{"version":"9","entries":[{"request":{"url":":"}},{"request":{"url":"http://h","postData":{"text":"<a>${x}</a>","_encoding":"base64"}}}]}}`))
	f.Fuzz(func(t *testing.T, src []byte) { imported(t, src, convert.HAR) })
}
