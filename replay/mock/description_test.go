package mock_test

import (
	"net/http"
	"strings"
	"testing"

	"rator/replay/mock"
)

// TestDescriptionsNameTheMock: clients post to where a WSDL says.
func TestDescriptionsNameTheMock(t *testing.T) {
	wsdl := func(at string) string {
		return `<definitions><import location="` + at + `/x?xsd=1"/><soap:address xmlns:soap="urn:s" location="` + at + `/x"/><a>` + at + `80</a><b>http://other.example/</b></definitions>`
	}
	_, url := serve(t, mock.Options{}, folder(t, "01-w.request.bin", "", "01-w.response.xml", wsdl("http://real.example:80"), "01-w.http", "GET /x?wsdl HTTP/1.1\n"))
	response, err := http.Get(url + "/x?wsdl")
	if err != nil {
		t.Fatal(err)
	}
	if a := read(t, response); a.body != strings.Replace(wsdl(url), url+"80", "http://real.example:8080", 1) {
		t.Errorf("%+v", a)
	}
}
