package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
)

// endpointPath is where SOAP calls are posted to.
const endpointPath = "/workflow-soap/InvokerService"

// numberMark is replaced, wherever it stands in a message, by a number of as many
// digits: a request is made once and numbered in place before each sending.
const numberMark = "########"

// message is one HTTP request, whole, ready to be sent.
type message struct {
	raw   []byte
	marks []int
}

func newMessage(head, body string) *message {
	m := &message{raw: fmt.Appendf(nil, "%s\r\nHost: load\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body)}
	for at := 0; ; at += len(numberMark) {
		next := bytes.Index(m.raw[at:], []byte(numberMark))
		if next < 0 {
			return m
		}
		at += next
		m.marks = append(m.marks, at)
	}
}

// number puts n where the marks were, and gives the message.
func (m *message) number(n int64) *message {
	for _, at := range m.marks {
		for left, i := n, len(numberMark)-1; i >= 0; i-- {
			m.raw[at+i] = byte('0' + left%10)
			left /= 10
		}
	}
	return m
}

// soapCall is an executeMethod request; values is what text and group give.
func soapCall(hookpoint, operator, password string, values ...string) *message {
	context := group("CONTEXT", text("LANGUAGE", "EN"), text("OPERATOR", operator), text("PASSWORD", password), text("BRAND_KEY", brand))
	body := `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n="http://soap.CDRator.com/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">` +
		`<e:Body><n:executeMethod><arg0><hookpointKey>` + hookpoint + `</hookpointKey>`
	for _, v := range append(values, context) {
		body += "<values" + v + "</values>"
	}
	body += `</arg0></n:executeMethod></e:Body></e:Envelope>`
	return newMessage("POST "+endpointPath+" HTTP/1.1\r\nContent-Type: text/xml", body)
}

// text and group are a keyed value without the name of its element, which is values
// outside and value inside of a group.
func text(key, value string) string {
	return ` i:type="n:stringValueDTO"><key>` + key + `</key><value>` + value + `</value>`
}

func group(key string, values ...string) string {
	return ` i:type="n:complexValueDTO"><key>` + key + `</key><value` + strings.Join(values, "</value><value") + `</value>`
}

// search is a call that an index serves; it finds one customer.
func search(operator, password string) *message {
	return soapCall("SOAP_SEARCH_CUSTOMERS", operator, password, text("CUSTOMER_NUMBER", firstCustomer))
}

// signUp makes a customer with a username of its own for each number.
func signUp(operator, password string) *message {
	name := "user" + numberMark
	return soapCall("SOAP_SIGNUP_CUSTOMER", operator, password, text("ACCOUNT_TYPE", "0"), text("PRODUCT_CODE", "POST_PAID"),
		group("USER", text("FIRST_NAME", "Bo"), text("LAST_NAME", "Ek"), text("CITY", "Odense"), text("ZIP", "5000"),
			text("EMAIL", name+"@example.com"), text("USERNAME", name)))
}

// rest is a TM Forum request; a body makes it a POST.
func rest(path, authorization, body string) *message {
	verb := "GET "
	if body != "" {
		verb = "POST "
	}
	return newMessage(verb+path+" HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: "+authorization, body)
}

func basic(operator, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(operator+":"+password))
}

// household is a customer as TM Forum clients write one.
const household = `{"name":"Household ` + numberMark + `","contactMedium":[{"type":"Postal","medium":{"city":"Odense","postcode":"5000"}},` +
	`{"type":"Email","medium":{"emailAddress":"h` + numberMark + `@example.com"}}]}`

const customersPath = "/customerManagement/customer"
