package mock

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/soap"
	"rator/wire"
)

// notSent are headers that belong to the connection they were recorded on.
var notSent = map[string]bool{
	"Connection": true, "Content-Length": true, "Date": true, "Keep-Alive": true, "Proxy-Connection": true, "Te": true,
	"Trailer": true, "Transfer-Encoding": true, "Upgrade": true,
}

// send sends the recorded answer with the live ids, values and request ids in it.
func (f *found) send(w http.ResponseWriter, r *http.Request, asked *request) {
	body := f.response.Body
	if f.response.Text {
		body = f.fill(fixture.InUTF8(body))
		body = readdress(f.ids.Replace(body, func(string, string) {}), r)
	}
	if f.typed {
		typed, err := typedAnswer(body, asked)
		if err != nil {
			sendFault(w, asked, "the recorded answer of "+f.label()+": "+err.Error())
			return
		}
		body = typed
	}
	for name, values := range f.response.Header {
		if notSent[name] || name == "Content-Encoding" && f.response.Text {
			continue
		}
		w.Header()[name] = values
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", contentType(f.response))
	}
	isFault := f.response.Text && bytes.Contains(body, []byte(wire.Fault)) && compare.Operation(body) == wire.Fault
	if f.response.Text {
		if sent, err := fixture.Sent(body, w.Header().Get("Content-Type")); err == nil {
			body = sent
		}
	}
	w.Header().Set("Rator-Mock", headerOf(f.label()))
	status := f.response.Status
	if status == 0 {
		status = http.StatusOK
		if isFault {
			status = http.StatusInternalServerError
		}
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that went away wants no answer
}

// contentType is what an answer is sent as when its .http file does not say.
func contentType(r *fixture.Response) string {
	switch {
	case !r.Text:
		return "application/octet-stream"
	case bytes.Contains(r.Body, []byte(wire.NamespaceSOAP12)):
		return soap.Version12.ContentType()
	}
	return soap.Version11.ContentType()
}

// fill puts a value for each placeholder of an expected answer: what stands for it
// in the request, what the scenario's settings say, or one that it matches.
func (f *found) fill(body []byte) []byte {
	if !bytes.Contains(body, []byte("${")) {
		return body
	}
	text := string(body)
	var b strings.Builder
	for {
		at := strings.Index(text, "${")
		if at < 0 {
			break
		}
		if at > 0 && text[at-1] == '$' {
			b.WriteString(text[:at-1] + "${")
			text = text[at+2:]
			continue
		}
		end := "}"
		if strings.HasPrefix(text[at:], "${xmlunit.matchesRegex(") {
			end = ")}"
		}
		length := strings.Index(text[at:], end)
		if length < 0 {
			break
		}
		b.WriteString(text[:at])
		b.WriteString(escape(f.stands(text[at+2 : at+length+len(end)-1])))
		text = text[at+length+len(end):]
	}
	b.WriteString(text)
	return []byte(b.String())
}

// stands is what a placeholder of an answer stands for.
func (f *found) stands(name string) string {
	switch name {
	case "xmlunit.ignore":
		return ""
	case "xmlunit.isNumber":
		return "0"
	case "xmlunit.isDateTime":
		return f.server.o.Now().UTC().Format("2006-01-02T15:04:05Z")
	}
	if pattern, ok := strings.CutPrefix(name, "xmlunit.matchesRegex("); ok {
		return example(unescape(strings.TrimSuffix(pattern, ")")))
	}
	name = strings.TrimPrefix(name, "capture:")
	if v, ok := f.variables[name]; ok {
		return v
	}
	if v, ok := f.scenario.Config.Variables[name]; ok {
		return v
	}
	return name
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func escape(text string) string { return escaper.Replace(text) }

var unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&amp;", "&")

func unescape(text string) string { return unescaper.Replace(text) }

// sendFault says why there is no answer, in the SOAP of the request.
func sendFault(w http.ResponseWriter, asked *request, why string) {
	w.Header().Set("Rator-Mock", "none")
	if !asked.isSOAP() {
		http.Error(w, why, http.StatusInternalServerError)
		return
	}
	v := asked.version()
	w.Header().Set("Content-Type", v.ContentType())
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write(soap.AppendFault(nil, v, &soap.Fault{Code: soap.FaultServer, Text: why}))
}
