package past

import (
	"context"
	"fmt"
	"time"

	"rator/clock"
	"rator/server"
	"rator/workflow"
	"rator/workflow/value"
)

// maker makes the calls. After the first error it makes no more.
type maker struct {
	ctx     context.Context
	end     time.Time
	clk     *clock.Clock
	engine  *workflow.Engine
	advance *server.Advance
	err     error
}

// line is a phone line with who has it, by their ids.
type line struct {
	brand, language              string
	account, group, subscription string
}

// tenth is nine in the morning of the tenth day of the month that is so many after the one
// in which the past began.
func (m *maker) tenth(months int) time.Time {
	begun := m.end.AddDate(-years, 0, 0)
	return time.Date(begun.Year(), begun.Month()+time.Month(months), 10, 9, 0, 0, 0, begun.Location())
}

// payday puts the clock forward to the tenth of a month, when customers pay, unless that is
// beyond the end.
func (m *maker) payday(months int, paying ...line) {
	at := m.tenth(months)
	if at.After(m.end) {
		return
	}
	m.to(at)
	for _, l := range paying {
		m.pay(l)
	}
}

// to puts the clock forward to a time, unless that is past. What falls due on the way is
// run.
func (m *maker) to(at time.Time) {
	if m.err == nil && at.After(m.clk.Now()) {
		m.err = m.advance.To(m.ctx, at)
	}
}

// call makes a call for a customer, with values as rator call has them, and gives what
// was answered.
func (m *maker) call(l line, hookpoint string, assignments ...string) value.Tree {
	if m.err != nil {
		return nil
	}
	values, err := value.ParseAssignments(assignments)
	if err != nil {
		m.err = err
		return nil
	}
	values = append(values, value.Of("CONTEXT",
		value.OfString("LANGUAGE", l.language), value.OfString("OPERATOR", server.DemoOperator),
		value.OfString("PASSWORD", server.DemoPassword), value.OfString("BRAND_KEY", l.brand)))
	r, err := m.engine.Invoke(m.ctx, workflow.Request{Hookpoint: hookpoint, Values: values})
	if err == nil && r.ErrorCode != 0 {
		err = fmt.Errorf("%d %s", r.ErrorCode, r.ErrorMessage)
	}
	if err != nil {
		m.err = fmt.Errorf("%s at %s: %w", hookpoint, m.clk.Now().Format(time.DateOnly), err)
	}
	return r.Values
}

// signUp signs a customer up and activates its line. product is a product's code.
func (m *maker) signUp(brand, language, product, username string, assignments ...string) line {
	l := line{brand: brand, language: language}
	values := append([]string{
		"ACCOUNT_TYPE=0", "PRODUCT_CODE=" + product, "USER.USERNAME=" + username, "USER.PASSWORD=secret", "USER.EMAIL=" + username + "@example.com", "USER.LANGUAGE_CODE=" + language,
	}, assignments...)
	answer := m.call(l, "SOAP_SIGNUP_CUSTOMER", values...)
	l.account = text(answer, "ACCOUNT/ID")
	l.group = text(answer, "ACCOUNT/BILLING_GROUPS/BILLING_GROUP/ID")
	l.subscription = text(answer, "ACCOUNT/BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION/ID")
	return l
}

func (m *maker) activate(l line, assignments ...string) {
	m.call(l, "SOAP_ACTIVATE_SUBSCRIPTION", append([]string{"SUBSCRIPTION_ID=" + l.subscription}, assignments...)...)
}

// pay pays all open invoices of a line's billing group, through the bank.
func (m *maker) pay(l line) {
	for invoice := range m.call(l, "SOAP_GET_INVOICES", "BILLING_GROUP_ID="+l.group).Items("INVOICES").All("INVOICE") {
		if invoice.Items.Text("STATUS") != "PAID" {
			m.call(l, "SOAP_SAVE_PAYMENT", "BILLING_GROUP_ID="+l.group, "AMOUNT="+invoice.Items.Text("OPEN_AMOUNT"),
				"PAYMENT_REFERENCE="+invoice.Items.Text("INVOICE_NUMBER"), "CHANNEL=BANK", "PAYMENT_CAPTURED=1")
		}
	}
}

// text is the text at a path, "" without.
func text(t value.Tree, path string) string {
	if e := t.Path(path); e != nil {
		return e.Text
	}
	return ""
}
