package billing_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/catalogue"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/workflow/value"
)

// TestTheRecordedInvoiceIsAPDF: what the fixture shows decodes to a document.
func TestTheRecordedInvoiceIsAPDF(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(servertest.Scenarios, "SOAP_GET_INVOICE_PDF", "*-success*.response.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixture: %v", err)
	}
	var first []byte
	for _, file := range files {
		answer, err := soap.DecodeAnswer(servertest.Read(t, file), soap.Media{}, servertest.AnswerLimits())
		if err != nil {
			t.Fatal(err)
		}
		document := documentOf(t, answer.Values)
		if first == nil {
			first = document
		}
		if !bytes.Equal(first, document) {
			t.Errorf("%s shows other bytes of the same invoice", filepath.Base(file))
		}
	}
}

// documentOf decodes an answer's INVOICE_PDF and checks that it is a PDF.
func documentOf(t *testing.T, answer value.Tree) []byte {
	t.Helper()
	document, err := base64.StdEncoding.DecodeString(answer.Text("INVOICE_PDF"))
	if err != nil || !bytes.HasPrefix(document, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(document), []byte("%%EOF")) {
		t.Fatalf("no PDF: %v %.20q", err, document)
	}
	return document
}

// TestALongInvoiceIsAnswered: a document of many lines fits into an answer, and
// its lines come in pages.
func TestALongInvoiceIsAnswered(t *testing.T) {
	const lines = 700
	s := servertest.New(t)
	call := func(hookpoint string, values ...value.Entry) value.Tree {
		t.Helper()
		if value.Tree(values).Get("CONTEXT") == nil {
			values = append(values, value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword)))
		}
		r, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: hookpoint, Values: values})
		if err != nil || r.ErrorCode != 0 {
			t.Fatalf("%s: %+v %v", hookpoint, r, err)
		}
		return r.Values
	}
	text := call("SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()...).Path("ACCOUNT/BILLING_GROUPS/BILLING_GROUP/ID").Text
	group, err := store.ParseID(text)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Server.Store.Update(t.Context(), func(tx store.Tx) error {
		brand, err := catalogue.BrandByKey(tx, server.DemoBrand)
		for n := range lines {
			if err != nil {
				return err
			}
			amount := decimal.New(int64(n+1), -2)
			_, err = billing.AddCharge(tx, brand, billing.NewCharge{Group: group, ChargeItem: "FEE", Amount: &amount, Text: fmt.Sprintf("Fee %d, %s", n, "åßœ€ and what else there is to say of it")})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	february := time.Date(2026, 2, 1, 3, 0, 0, 0, time.UTC)
	s.Clock.Store(&february)
	if _, err := (&billing.Run{AsOf: february.Truncate(24 * time.Hour)}).Do(t.Context(), s.Server.Store); err != nil {
		t.Fatal(err)
	}
	id := value.OfString("BILLING_GROUP_ID", text)
	invoice := call("SOAP_GET_INVOICES", id).Path("INVOICES/INVOICE").Items
	document := documentOf(t, call("SOAP_GET_INVOICE_PDF", value.OfString("INVOICE_ID", invoice.Text("ID"))))
	t.Logf("%d bytes", len(document))

	net, seen := decimal.Zero, map[string]bool{}
	for cursor, pages := "", 0; cursor != "" || pages == 0; pages++ {
		page := call("SOAP_GET_INVOICE_DETAIL_LINES", id, value.OfString("CURSOR", cursor), value.OfLong("PAGE_SIZE", 200))
		for line := range page.Get("INVOICE_DETAIL_LINES").Items.All("INVOICE_DETAIL_LINE") {
			if seen[line.Items.Text("ID")] {
				t.Errorf("line %s comes twice", line.Items.Text("ID"))
			}
			seen[line.Items.Text("ID")] = true
			amount, err := value.ParseDecimal(line.Items.Text("AMOUNT"))
			if err != nil {
				t.Fatal(err)
			}
			net = net.Add(amount)
		}
		cursor = page.Text("NEXT_CURSOR")
	}
	if want := invoice.Text("TOTAL_AMOUNT"); value.OfMoney("", net).Text != want || len(seen) <= lines {
		t.Errorf("%d lines make %s, the invoice asks for %s", len(seen), net, want)
	}
	call("SOAP_GET_TRANSACTIONS", id, value.OfLong("PAGE_SIZE", 200))
}
