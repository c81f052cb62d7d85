package workflow_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/billing/ledger"
	"rator/card"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow"
	"rator/workflow/contract"
	"rator/workflow/hookpoints"
	"rator/workflow/value"
)

const (
	visa       = "4111111111111111"
	mastercard = "5555555555554444"
	maestro    = "6759649826438453" // and an IMEISV
)

// withCards is an engine that has a key, beside the house's own, which has none.
func (h *house) withCards() *house {
	with := &house{gate: h.gate, config: h.config, log: h.log}
	with.config.Cards = card.NewKey([]byte(strings.Repeat("k", 32)))
	with.Engine = with.engine(nil)
	return with
}

// paid is a payment of a new customer's billing group.
func (h *house) paid(t *testing.T, username string) (group string, pay func(transaction, reference, requestID string) workflow.Result) {
	t.Helper()
	made := h.call(t, signUp(username))
	group = made.Values.Path("ACCOUNT/BILLING_GROUPS/BILLING_GROUP/ID").Text
	return group, func(transaction, reference, requestID string) workflow.Result {
		return h.call(t, workflow.Request{Hookpoint: "SOAP_SAVE_PAYMENT", RequestID: requestID, Values: tree(text("BILLING_GROUP_ID", group),
			value.Entry{Key: "AMOUNT", Type: value.Double, Text: "5"}, text("TRANSACTION_ID", transaction), text("PAYMENT_REFERENCE", reference), as("root"))})
	}
}

// TestCardNumbersAreRefused: with its path, and nothing is done.
func TestCardNumbersAreRefused(t *testing.T) {
	h := newHouse(t).withCards()
	before := h.grown(t, nil)
	for path, more := range map[string]value.Entry{
		"REFERENCED_BY": text("REFERENCED_BY", "see 4111-1111-1111-1111"), "BILLING_GROUP/NAME": value.Of("BILLING_GROUP", text("NAME", visa)),
		"UNHEARD_OF": text("UNHEARD_OF", visa), "CONTEXT/LANGUAGE": {},
	} {
		r := signUp("aase")
		if more.Key != "" {
			r = signUp("aase", more)
		} else {
			r.Values[len(r.Values)-1] = as("root", text("LANGUAGE", visa))
		}
		answer := h.call(t, r)
		if answer.ErrorCode != customer.CardNumberRefused.Number || !strings.HasSuffix(answer.ErrorMessage, ": "+path) || strings.Contains(answer.ErrorMessage, "1111-1111") {
			t.Errorf("%s: %+v", path, answer)
		}
	}
	if grown := h.grown(t, before); len(grown) > 0 {
		t.Error(grown)
	}
}

// TestReferencesAreKeptMasked: a card-like TRANSACTION_ID is recorded once, found as
// it was kept before there was a key, and in no file in clear.
func TestReferencesAreKeptMasked(t *testing.T) {
	old := newHouse(t)
	h := old.withCards()
	_, pay := h.paid(t, "aase")
	if r := pay(visa, mastercard, ""); r.ErrorCode != 0 {
		t.Fatalf("%+v", r)
	}
	for _, again := range []string{visa, " " + visa + " "} {
		if r := pay(again, "r", ""); r.ErrorCode != ledger.TransactionRecorded.Number || strings.Contains(r.ErrorMessage, visa) {
			t.Errorf("%q: %+v", again, r)
		}
	}
	if r := pay("4012888888881881", "r", ""); r.ErrorCode != 0 {
		t.Errorf("another reference: %+v", r)
	}
	if r := pay("T-1", "r", ""); r.ErrorCode != 0 {
		t.Errorf("%+v", r)
	}
	_, payOld := old.paid(t, "bo")
	if r := payOld(maestro, "r", ""); r.ErrorCode != customer.CardNumberRefused.Number || !strings.Contains(r.ErrorMessage, "TRANSACTION_ID") {
		t.Errorf("without a key: %+v", r)
	}
	inClear(t, h, visa, mastercard)
}

// inClear looks for numbers in the store's file and the log.
func inClear(t *testing.T, h *house, numbers ...string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "copy.db")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.gate.Store.Backup(context.Background(), f); err != nil {
		t.Fatal(err)
	}
	f.Close()
	b, err := os.ReadFile(file)
	if err != nil || len(b) == 0 {
		t.Fatal(err)
	}
	for _, number := range numbers {
		if i := bytes.Index(b, []byte(number)); i >= 0 {
			t.Errorf("%s is in the store: %q", number, b[max(0, i-100):i+50])
		}
		if strings.Contains(h.log.String(), number) {
			t.Errorf("%s is in the log", number)
		}
	}
}

// TestOldReferencesStayRecorded: a promise that a version before kept in clear is
// captured, and kept masked from then on.
func TestOldReferencesStayRecorded(t *testing.T) {
	h := newHouse(t).withCards()
	group, pay := h.paid(t, "aase")
	err := h.gate.Store.Update(t.Context(), func(tx store.Tx) error {
		id, err := store.ParseID(group)
		if err != nil {
			return err
		}
		brand, err := catalogue.BrandByKey(tx, "DEMO")
		if err != nil {
			return err
		}
		_, err = billing.SavePayment(tx, brand, id, ledger.PaymentFields{Amount: decimal.New(5, 0), TransactionID: visa})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, captured := range []bool{true, false} {
		r := pay(visa, "r", "")
		if want := map[bool]int{true: 0, false: ledger.TransactionRecorded.Number}[captured]; r.ErrorCode != want {
			t.Errorf("%+v", r)
		}
	}
	err = h.gate.Store.View(t.Context(), func(tx store.Tx) error {
		records, err := tx.Scan("payment", 0, 10)
		if len(records) != 1 || bytes.Contains(records[0].Doc, []byte(visa)) {
			t.Errorf("%+v", records)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRequestIDsThatLookLikeCards: they are answered as they came, kept masked, told
// apart, and without a key refused.
func TestRequestIDsThatLookLikeCards(t *testing.T) {
	old := newHouse(t)
	h := old.withCards()
	_, pay := h.paid(t, "aase")
	first := pay("T-1", mastercard, visa)
	again := pay("T-1", mastercard, visa)
	if first.ErrorCode != 0 || first.Values.Text("REQUEST_ID") != visa || !again.Replayed || plain(first) != plain(again) {
		t.Errorf("%s\n%s", plain(first), plain(again))
	}
	if r := pay("T-1", maestro, visa); r.ErrorCode != failure.RequestIDReused.Number {
		t.Errorf("another reference: %+v", r)
	}
	if r := pay("T-2", "r", "4012888888881881"); r.ErrorCode != 0 || r.Replayed {
		t.Errorf("another id: %+v", r)
	}
	if r := old.call(t, once("bo", visa)); r.ErrorCode != customer.CardNumberRefused.Number || strings.Contains(plain(r), visa) {
		t.Errorf("without a key: %+v", r)
	}
	inClear(t, h, visa, mastercard, "4012888888881881")
}

// TestWhatScriptsMakeOfCards: a number that a script puts together is refused where it
// would be kept, one that came as an identifier is not, and nothing that is looked for;
// events and notes tell it masked.
func TestWhatScriptsMakeOfCards(t *testing.T) {
	h := newHouse(t, folders(map[string]folder{
		"T_CARD": {
			request:  `<value key="A" type="s"/><value key="B" type="s"/><value key="IMEI" type="s"/>`,
			response: `<value key="ID" type="s"/>`,
			script: `def run(p):
    note("got " + p.A + p.B)
    emit("told", TEXT = p.A + p.B, TRANSACTION_ID = p.A + p.B)
    call.search_customers(NAME = p.A + p.B)
    call.add_charge(BILLING_GROUP_ID = "1", CHARGE_ITEM_ID = "1", DESCRIPTION = p.A + p.B if p.IMEI == None else p.IMEI)
    return {}
`},
	})).withCards()
	ask := func(entries ...value.Entry) workflow.Result {
		return h.call(t, workflow.Request{Hookpoint: "T_CARD", Values: append(entries, as("root"))})
	}
	if r := ask(text("A", visa[:8]), text("B", visa[8:])); r.ErrorCode != customer.CardNumberRefused.Number {
		t.Errorf("%+v", r)
	}
	if r := ask(text("A", visa[:8]), text("B", visa[8:]), text("IMEI", maestro)); r.ErrorCode == customer.CardNumberRefused.Number {
		t.Errorf("%+v", r)
	}
	inClear(t, h, visa)
}

// TestPasswordsMayLookLikeCards: they are kept as hashes, and who has one must get in.
func TestPasswordsMayLookLikeCards(t *testing.T) {
	h := newHouse(t).withCards()
	r := signUp("aase")
	r.Values.Items("USER").Get("PASSWORD").Text = visa
	if made := h.call(t, r); made.ErrorCode != 0 {
		t.Fatalf("%+v", made)
	}
	login := h.call(t, workflow.Request{Hookpoint: "SOAP_GET_WEB_USER_PROFILE", Values: tree(text("LOGIN", "aase"), text("PASSWORD", visa), as("root"))})
	if login.ErrorCode != 0 {
		t.Errorf("%+v", login)
	}
	inClear(t, h, visa)
}

// TestWhatIsNamedLikeCards: names that come in before a request is looked at.
func TestWhatIsNamedLikeCards(t *testing.T) {
	h := newHouse(t).withCards()
	for _, r := range []workflow.Request{
		{Hookpoint: visa, Values: tree(as("root"))},
		{Hookpoint: "SOAP_GET_CUSTOMER", Values: tree(as(visa))},
		{Hookpoint: "SOAP_GET_CUSTOMER", Values: tree(as("root", text("BRAND_KEY", visa)))},
		{Hookpoint: "SOAP_GET_CUSTOMER", Values: tree(as("root", text("BRAND_ID", visa)))},
	} {
		if answer := h.call(t, r); answer.ErrorCode == 0 || strings.Contains(plain(answer), visa) {
			t.Errorf("%+v", answer)
		}
	}
	inClear(t, h, visa)
}

// TestKeysThatMayLookLikeCards: every key of the shipped contracts which is no text,
// as to card numbers. A new one belongs here when somebody thought of it.
func TestKeysThatMayLookLikeCards(t *testing.T) {
	set, mistakes := workflow.Load(workflow.Layer{Name: "shipped", FS: hookpoints.Folders})
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	got := map[string][]string{}
	note := func(kind, key string) {
		if !slices.Contains(got[kind], key) {
			got[kind] = append(got[kind], key)
		}
	}
	var look func(vs []*contract.Value)
	look = func(vs []*contract.Value) {
		for _, v := range vs {
			look(v.Values)
			kind := v.Cards
			if kind == card.Unsaid {
				kind = card.KindOf(v.Key)
			}
			switch {
			case v.Type == value.Complex, v.Type == value.Date, v.Type == value.Boolean: // hold no text
			case kind == card.Reference:
				note("reference", v.Key)
			case kind == card.Identifier && v.Cards == kind:
				note("identifier, any text", v.Key)
			case kind == card.Identifier:
				note("identifier by its form", v.Key)
			}
		}
	}
	for _, c := range set.Contracts() {
		look(c.Request)
	}
	for _, keys := range got {
		slices.Sort(keys)
	}
	want := map[string][]string{
		"reference":              {"PAYMENT_REFERENCE", "REFERENCE", "TRANSACTION_ID", "TRANSACTION_NUMBER"},
		"identifier, any text":   {"CHECK_PASSWORD", "CURSOR", "INVOICE_NUMBER", "LOGIN", "PASSWORD", "TOKEN"},
		"identifier by its form": {"EAN_NUMBER", "FAX", "IBAN_NUMBER", "MEID", "MSISDN", "PERSONAL_ID", "PHONE1", "PHONE2", "PHONE3", "PHONE_NUMBER", "SSN", "VAT_NUMBER"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
