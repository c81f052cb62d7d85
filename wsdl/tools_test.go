package wsdl_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rator/suite"
	"rator/wire"
	"rator/wsdl"
)

// python is the system's, for which python3-zeep is installed.
const python = "/usr/bin/python3"

// use runs a tool and gives what it wrote to its standard output.
func use(t *testing.T, name string, arg ...string) string {
	t.Helper()
	command := exec.Command(name, arg...)
	command.Env = append(os.Environ(), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1", "PYTHONIOENCODING=utf-8")
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(arg, " "), err, &out, &errs)
	}
	return out.String()
}

// published serves what New serves. A POST is answered with the sample answer of
// signup, in the form it was asked in; asked gives the body of one POST.
type published struct {
	url   string
	asked chan []byte
}

func serve(t *testing.T) *published {
	t.Helper()
	p := &published{asked: make(chan []byte, 1)}
	get := pages()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			get.ServeHTTP(w, r)
			return
		}
		asked, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		form := wsdl.ByName
		if bytes.Contains(asked, []byte(wire.Operation)) {
			form = wsdl.ByKey
		}
		answer, err := wsdl.SampleAnswer(signup(), form)
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = w.Write(answer)
		p.asked <- asked
	}))
	t.Cleanup(server.Close)
	p.url = server.URL + "/workflow-soap/InvokerService"
	return p
}

// everyWSDL is the query of each WSDL there is, by a name for it.
func everyWSDL() map[string]string {
	all := map[string]string{"default": "?wsdl", "SOAP 1.2": "?wsdl=1.2"}
	all["single"], all["every hookpoint"] = "?singleWsdl", "?wsdl&hookpoint=*"
	for _, c := range shown() {
		all[c.Hookpoint] = "?wsdl&hookpoint=" + c.Hookpoint
	}
	return all
}

func TestXmllint(t *testing.T) {
	suite.Foreign(t, "xmllint", "xmllint", "--version")
	folder := t.TempDir()
	schemas := map[string][]byte{"invoker": wsdl.Schema()}
	for _, c := range shown() {
		schemas[c.Hookpoint] = typedSchema(t, c)
	}
	for name, schema := range schemas {
		c, form := signup(), wsdl.ByKey
		for _, typed := range shown() {
			if typed.Hookpoint == name {
				c, form = typed, wsdl.ByName
			}
		}
		made, err := wsdl.SampleRequest(c, form)
		if err != nil {
			t.Fatal(err)
		}
		write(t, folder, name+".xsd", schema)
		write(t, folder, name+".xml", alone(t, parse(t, made).FindElement("/Envelope/Body/*")))
		use(t, "xmllint", "--noout", "--schema", filepath.Join(folder, name+".xsd"), filepath.Join(folder, name+".xml"))
	}
}

func TestWsimport(t *testing.T) {
	suite.Foreign(t, "wsimport", "wsimport", "-version")
	p := serve(t)
	for name, query := range everyWSDL() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			arg := []string{"-quiet", "-keep", "-p", "client", "-d", folder, p.url + query}
			if query == "?wsdl=1.2" {
				arg = append([]string{"-extension"}, arg...) // wsimport's word for a second binding
			}
			use(t, "wsimport", arg...)
			port, err := os.ReadFile(filepath.Join(folder, "client", "Invoker.java"))
			if err != nil {
				t.Fatal(err)
			}
			want := "public ResponseDTO executeMethod("
			if strings.Contains(query, "hookpoint") {
				want = "Response soap" // one request object in, one answer object out
			}
			if !bytes.Contains(port, []byte(want)) || bytes.Contains(port, []byte("Holder")) {
				t.Errorf("Invoker.java has no method %q:\n%s", want, port)
			}
		})
	}
}

// Mono's wsdl is the generator of .NET 2, which old proxies are made with.
func TestMono(t *testing.T) {
	suite.Foreign(t, "Mono's wsdl", "sh", "-c", "command -v wsdl && mono --version")
	p := serve(t)
	for name, query := range everyWSDL() {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			source := filepath.Join(folder, "Client.cs")
			use(t, "wsdl", p.url+query, "/out:"+source)
			proxy, err := os.ReadFile(source)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"executeMethod"}
			if strings.Contains(query, "hookpoint") {
				want = []string{"errorCode", "STATUS"}
			}
			for _, member := range want {
				if !bytes.Contains(proxy, []byte(member)) {
					t.Errorf("the proxy has no %s", member)
				}
			}
			if _, err := exec.LookPath("mcs"); err == nil {
				use(t, "mcs", "-nologo", "-target:library", "-r:System.Web.Services", "-out:"+filepath.Join(folder, "client.dll"), source)
			}
		})
	}
}

func TestGSOAP(t *testing.T) {
	suite.Foreign(t, "gSOAP", "soapcpp2", "-V")
	p := serve(t)
	for name, query := range everyWSDL() {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			header := filepath.Join(folder, "client.h")
			use(t, "wsdl2h", "-o", header, p.url+query)
			use(t, "soapcpp2", "-C", "-L", "-x", "-d"+folder, header)
			stubs, err := os.ReadFile(filepath.Join(folder, "soapStub.h"))
			if err != nil || !bytes.Contains(stubs, []byte("errorCode")) {
				t.Errorf("%v: the stubs have no errorCode", err)
			}
		})
	}
}

// The scripting clients load the WSDL, call and read the answer.
func TestScriptingClients(t *testing.T) {
	for _, c := range []struct {
		label, query string
		need, run    []string
		prints       []string
		sends        []string
	}{
		{"zeep", "?wsdl", []string{python, "-c", "import zeep"}, []string{python, "zeep_keyed.py"}, keyedAnswer,
			[]string{":longValueDTO", "9007199254740993", "2014-12-09T10:11:12", ":complexValueDTO", ":floatValueDTO"}},
		{"zeep 1.2", "?wsdl=1.2", []string{python, "-c", "import zeep"}, []string{python, "zeep_keyed.py"}, keyedAnswer, nil},
		{"zeep typed", "?wsdl&hookpoint=SOAP_SIGNUP_CUSTOMER", []string{python, "-c", "import zeep"}, []string{python, "zeep_typed.py"}, typedAnswer,
			[]string{"9007199254740993", "201401020304051235"}},
		{"PHP", "?wsdl", []string{"php", "-r", "exit(class_exists('SoapClient') ? 0 : 1);"}, []string{"php", "keyed.php"}, keyedAnswer,
			[]string{":longValueDTO", "9007199254740993"}},
		{"PHP typed", "?wsdl&hookpoint=SOAP_SIGNUP_CUSTOMER", []string{"php", "-r", "exit(class_exists('SoapClient') ? 0 : 1);"}, []string{"php", "typed.php"}, typedAnswer,
			[]string{"9007199254740993", "201401020304051235"}},
	} {
		t.Run(c.label, func(t *testing.T) {
			suite.Foreign(t, c.label, c.need...)
			p := serve(t)
			out := use(t, c.run[0], filepath.Join(golden, "clients", c.run[1]), p.url+c.query)
			for _, line := range c.prints {
				if !strings.Contains(out, line+"\n") {
					t.Errorf("the client did not read %q; it printed\n%s", line, out)
				}
			}
			sent := <-p.asked
			asked := parse(t, sent).FindElement("/Envelope/Body/*")
			schema := wsdl.Schema()
			if strings.Contains(c.query, "hookpoint") {
				schema = typedSchema(t, signup())
			}
			valid(t, schema, selfContained(asked))
			for _, s := range append(c.sends, "Åse &amp; &lt;Øre&gt; €") {
				if !bytes.Contains(sent, []byte(s)) {
					t.Errorf("the client did not send %q but\n%s", s, sent)
				}
			}
		})
	}
}

var (
	keyedAnswer = []string{"errorCode 0", "status 0", "STATUS 0", "REQUEST_ID 201401020304051234", "ACCOUNT/BILLING_GROUPS/BILLING_GROUP/BALANCE 12.5"}
	typedAnswer = []string{"errorCode 0", "status 0", "STATUS 0", "BALANCE 12.5"}
)

func write(t *testing.T, folder, file string, src []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, file), src, 0o600); err != nil {
		t.Fatal(err)
	}
}
