package rig

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
)

// endpointPath is where SOAP calls are posted to.
const endpointPath = "/workflow-soap/InvokerService"

// NumberMark and CustomerMark are replaced, wherever they stand in a message, by a number
// of as many digits: a request is made once and numbered in place before each sending.
const (
	NumberMark   = "########"
	CustomerMark = "######" // as many as a customer's number has
)

var marks = regexp.MustCompile("#{6,}")

// Message is one HTTP request, whole, ready to be sent.
type Message struct {
	raw   []byte
	marks [][]int // from, to
}

// newMessage makes one of the request line with the headers that are its own, and a body.
func newMessage(head, body string) *Message {
	m := &Message{raw: fmt.Appendf(nil, "%s\r\nHost: load\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body)}
	m.marks = marks.FindAllIndex(m.raw, -1)
	return m
}

// number puts n where the marks were, its last digits where it has more, and gives the
// message.
func (m *Message) number(n int64) *Message {
	for _, mark := range m.marks {
		left := n
		for at := mark[1] - 1; at >= mark[0]; at-- {
			m.raw[at] = byte('0' + left%10)
			left /= 10
		}
	}
	return m
}

// SOAPCall is an executeMethod request; values is what Text and Group give.
func SOAPCall(hookpoint, operator, password string, values ...string) *Message {
	context := group("CONTEXT", Text("LANGUAGE", "EN"), Text("OPERATOR", operator), Text("PASSWORD", password), Text("BRAND_KEY", brand))
	body := `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n="http://soap.CDRator.com/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">` +
		`<e:Body><n:executeMethod><arg0><hookpointKey>` + hookpoint + `</hookpointKey>`
	for _, v := range append(values, context) {
		body += "<values" + v + "</values>"
	}
	return Post(body + `</arg0></n:executeMethod></e:Body></e:Envelope>`)
}

// Post is a request of an envelope.
func Post(envelope string) *Message {
	return newMessage("POST "+endpointPath+" HTTP/1.1\r\nContent-Type: text/xml", envelope)
}

// Text and Group are a keyed value without the name of its element, which is values
// outside and value inside of a group.
func Text(key, value string) string {
	return ` i:type="n:stringValueDTO"><key>` + key + `</key><value>` + value + `</value>`
}

func group(key string, values ...string) string {
	return ` i:type="n:complexValueDTO"><key>` + key + `</key><value` + strings.Join(values, "</value><value") + `</value>`
}

// Search is a call that an index serves; it finds one customer.
func Search(operator, password string) *Message {
	return SOAPCall("SOAP_SEARCH_CUSTOMERS", operator, password, Text("CUSTOMER_NUMBER", FirstCustomer))
}

// SignUp makes a customer with a username of its own for each number. All have one name.
func SignUp(operator, password string) *Message { return SignUpAs(operator, password, "Ek") }

// SignUpAs is SignUp of a last name, which may hold NumberMark too.
func SignUpAs(operator, password, lastName string) *Message {
	name := "user" + NumberMark
	return SOAPCall("SOAP_SIGNUP_CUSTOMER", operator, password, Text("ACCOUNT_TYPE", "0"), Text("PRODUCT_CODE", "POST_PAID"),
		group("USER", Text("FIRST_NAME", "Bo"), Text("LAST_NAME", lastName), Text("CITY", "Odense"), Text("ZIP", "5000"),
			Text("EMAIL", name+"@example.com"), Text("USERNAME", name)))
}

// REST is a TM Forum request; a body makes it a POST.
func REST(path, authorization, body string) *Message {
	verb := "GET "
	if body != "" {
		verb = "POST "
	}
	return newMessage(verb+path+" HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: "+authorization, body)
}

// Basic is the header's value that says who asks.
func Basic(operator, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(operator+":"+password))
}

// Household is a customer as TM Forum clients write one.
const Household = `{"name":"Household ` + NumberMark + `","contactMedium":[{"type":"Postal","medium":{"city":"Odense","postcode":"5000"}},` +
	`{"type":"Email","medium":{"emailAddress":"h` + NumberMark + `@example.com"}}]}`

// CustomersPath is where TM Forum has its customers.
const CustomersPath = "/customerManagement/customer"
