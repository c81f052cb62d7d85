package billing_test

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/failure"
	"rator/server"
	"rator/server/scratch"
	"rator/store"
	"rator/workflow"
	"rator/workflow/value"
	"rator/zone"
)

// played is one example of docs/billing.md while it is played.
type played struct {
	*testing.T
	s         *scratch.Server
	brand     *catalogue.Brand
	names     map[string]string // what {NAME} stands for: ids that answers gave
	catalogue string            // the document
	answer    value.Tree        // of the last call
	customers int               // signed up
}

var (
	moment = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)( \d\d:\d\d)? +`)
	named  = regexp.MustCompile(`\{[A-Z_]+\}`)
)

// words are what a line can begin with.
var words = map[string]func(e *played, argument string) error{
	"brand":      (*played).ofBrand,
	"sign up":    (*played).signUp,
	"take":       (*played).take,
	"drop":       (*played).drop,
	"charge":     (*played).charge,
	"pay":        (*played).pay,
	"end":        (*played).end,
	"run due":    (*played).runDue,
	"bill":       (*played).bill,
	"call it":    (*played).callIt,
	"line":       (*played).line,
	"open":       (*played).open,
	"import":     (*played).imported,
	"balance":    (*played).balance,
	"no invoice": (*played).noInvoice,
	"invoice":    (*played).invoice,
	"answer":     (*played).answered,
}

// play plays a line: `2026-02-01 00:30  word argument → CODE`, a remark from # on.
func (e *played) play(line string) error {
	line, _, _ = strings.Cut(line, " #")
	if at := moment.FindStringSubmatch(line); at != nil {
		clock := strings.TrimSpace(at[2])
		if clock == "" {
			clock = "12:00"
		}
		t, err := time.Parse("2006-01-02 15:04", at[1]+" "+clock)
		if err != nil {
			return err
		}
		t = zone.Clock(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, e.brand.Zone())
		e.s.Clock.Store(&t)
		line = line[len(at[0]):]
	}
	line, want, fails := strings.Cut(strings.TrimSpace(line), " → ")
	var unknown string
	line = named.ReplaceAllStringFunc(line, func(name string) string {
		if e.names[name] == "" {
			unknown = name
		}
		return e.names[name]
	})
	if unknown != "" {
		return fmt.Errorf("nothing is called %s; there are %v", unknown, slices.Sorted(maps.Keys(e.names)))
	}
	err := e.does(strings.TrimSpace(line))
	if !fails {
		return err
	}
	if code := failure.CodeOf(err); code == nil || code.Name != want {
		return fmt.Errorf("failed with %v, not %s", err, want)
	}
	return nil
}

func (e *played) does(line string) error {
	for _, word := range slices.Backward(slices.SortedFunc(maps.Keys(words), func(a, b string) int { return len(a) - len(b) })) {
		if rest, is := strings.CutPrefix(line, word); is && (rest == "" || rest[0] == ' ') {
			return words[word](e, strings.TrimSpace(rest))
		}
	}
	if name, keys, _ := strings.Cut(line, " "); strings.HasPrefix(name, "SOAP_") {
		tree, err := keysOf(keys)
		if err == nil {
			err = e.call(name, tree)
		}
		return err
	}
	return fmt.Errorf("there is no such word; there are %s and SOAP_…", strings.Join(slices.Sorted(maps.Keys(words)), ", "))
}

// keysOf reads KEY=VALUE KEY/BELOW=VALUE … in which a value has quotes where it has spaces.
func keysOf(text string) (tree value.Tree, err error) {
	for _, m := range regexp.MustCompile(`([A-Z0-9_/]+)=("[^"]*"|\S+)`).FindAllStringSubmatch(text, -1) {
		putKey(&tree, m[1], strings.Trim(m[2], `"`))
	}
	return tree, nil
}

func putKey(tree *value.Tree, path, text string) {
	key, rest, deeper := strings.Cut(path, "/")
	if !deeper {
		*tree = append(*tree, value.OfString(key, text))
		return
	}
	if tree.Get(key) == nil {
		*tree = append(*tree, value.Of(key))
	}
	putKey(&tree.Get(key).Items, rest, text)
}

// call calls a hookpoint, and names what the answer names.
func (e *played) call(hookpoint string, values value.Tree) error {
	values = append(values, value.Of("CONTEXT", value.OfString("LANGUAGE", "EN"), value.OfString("BRAND_KEY", e.brand.Key)))
	result, err := e.s.Engine.Invoke(e.Context(), workflow.Request{Hookpoint: hookpoint, Values: values, System: true, Origin: workflow.Origin{Face: "console"}})
	if err != nil {
		return err
	}
	if result.ErrorCode != 0 {
		return failure.ByNumber(result.ErrorCode).With("%s", result.ErrorMessage)
	}
	e.answer = result.Values
	e.name("", result.Values)
	return nil
}

// name gives {PAYMENT} for PAYMENT_ID and for PAYMENT/ID of an answer, the last of several.
func (e *played) name(above string, tree value.Tree) {
	for _, x := range tree {
		switch {
		case x.Type == value.Complex:
			e.name(x.Key, x.Items)
		case x.Key == "ID" && above != "":
			e.names["{"+above+"}"] = x.Text
		case strings.HasSuffix(x.Key, "_ID") && x.Text != "":
			e.names["{"+strings.TrimSuffix(x.Key, "_ID")+"}"] = x.Text
		}
	}
}

func (e *played) view(fn func(tx store.Tx) error) error { return e.s.Store.View(e.Context(), fn) }

func (e *played) ofBrand(key string) error {
	return e.view(func(tx store.Tx) (err error) {
		e.brand, err = catalogue.BrandByKey(tx, key)
		return err
	})
}

// signUp makes a customer with an active line: sign up PRODUCT [with OPTION,OPTION] [in COUNTRY/STATE/ZIP].
func (e *played) signUp(argument string) error {
	argument, place, _ := strings.Cut(argument, " in ")
	product, options, _ := strings.Cut(argument, " with ")
	country, rest, _ := strings.Cut(place, "/")
	state, zip, _ := strings.Cut(rest, "/")
	if zip == "" {
		zip = "5000"
	}
	service := value.Tree{value.OfString("ORDER_ID", "1")}
	if options != "" {
		ids, err := e.options(options)
		if err != nil {
			return err
		}
		service = append(service, value.Of("PRODUCT_OPTION_IDS", ids...))
	}
	user := value.Tree{}
	e.customers++
	for _, field := range [][2]string{{"FIRST_NAME", "Åse"}, {"LAST_NAME", "Øre"}, {"CITY", "Odense"}, {"ZIP", zip}, {"STATE", state}, {"COUNTRY", country},
		{"EMAIL", "aase@example.com"}, {"USERNAME", fmt.Sprintf("user-%d", e.customers)}} {
		if field[1] != "" {
			user = append(user, value.OfString(field[0], field[1]))
		}
	}
	err := e.call("SOAP_SIGNUP_CUSTOMER", value.Tree{value.OfString("ACCOUNT_TYPE", "0"), value.OfString("PRODUCT_CODE", product),
		value.Of("USER", user...), value.Of("SIGNUP_SERVICES", value.Of("CDMA_SERVICE", service...))})
	if err != nil {
		return err
	}
	e.names["{GROUP}"], e.names["{LINE}"] = e.names["{BILLING_GROUP}"], e.names["{SUBSCRIPTION}"]
	return e.call("SOAP_ACTIVATE_SUBSCRIPTION", value.Tree{value.OfString("SUBSCRIPTION_ID", e.names["{LINE}"])})
}

func (e *played) options(keys string) (ids value.Tree, err error) {
	err = e.view(func(tx store.Tx) error {
		for key := range strings.SplitSeq(keys, ",") {
			o, err := catalogue.OptionNamed(tx, e.brand, strings.TrimSpace(key))
			if err != nil {
				return err
			}
			ids = append(ids, value.OfString("ID", o.CatalogueID))
		}
		return nil
	})
	return ids, err
}

func (e *played) change(hookpoint, options string) error {
	ids, err := e.options(options)
	if err != nil {
		return err
	}
	return e.call(hookpoint, value.Tree{value.OfString("SUBSCRIPTION_ID", e.names["{LINE}"]), value.Of("PRODUCT_OPTIONS", ids...)})
}

func (e *played) take(options string) error {
	return e.change("SOAP_SUBSCRIBE_PRODUCT_OPTIONS", options)
}
func (e *played) drop(options string) error {
	return e.change("SOAP_UNSUBSCRIBE_PRODUCT_OPTIONS", options)
}

// charge charges or credits: charge ITEM AMOUNT.
func (e *played) charge(argument string) error {
	code, amount, _ := strings.Cut(argument, " ")
	var item *catalogue.ChargeItem
	err := e.view(func(tx store.Tx) (err error) {
		item, err = catalogue.ChargeItemByCode(tx, e.brand, code)
		return err
	})
	if err != nil {
		return err
	}
	return e.call("SOAP_ADD_CHARGE", value.Tree{value.OfString("BILLING_GROUP_ID", e.names["{GROUP}"]), value.OfString("CHARGE_ITEM_ID", item.CatalogueID),
		value.OfString("AMOUNT", amount), value.OfString("DESCRIPTION", "")})
}

// pay pays: pay AMOUNT [naming REFERENCE].
func (e *played) pay(argument string) error {
	amount, reference, _ := strings.Cut(argument, " naming ")
	return e.call("SOAP_SAVE_PAYMENT", value.Tree{value.OfString("BILLING_GROUP_ID", e.names["{GROUP}"]), value.OfString("AMOUNT", amount),
		value.OfString("PAYMENT_REFERENCE", reference)})
}

// end ends the line: end [on DAY].
func (e *played) end(argument string) error {
	day, on := strings.CutPrefix(argument, "on ")
	if !on {
		day = e.s.Now().In(e.brand.Zone()).Format(time.RFC3339)
	}
	return e.call("SOAP_TERMINATE_SUBSCRIPTION", value.Tree{value.OfString("SUBSCRIPTION_ID", e.names["{LINE}"]), value.OfString("TERMINATION_DATE", day)})
}

func (e *played) runDue(string) error {
	_, err := server.RunDue(e.Context(), e.s.Engine, server.AsOf{}, func(server.DueOutcome) {})
	return err
}

// bill makes a billing run of today, or of a day before, that is to refuse some accounts:
// bill [as of DAY] [refusing N].
func (e *played) bill(argument string) error {
	argument, refusing, _ := strings.Cut(" "+argument, " refusing ")
	day, is := strings.CutPrefix(argument, " as of ")
	if !is {
		day = e.s.Now().In(e.brand.Zone()).Format(time.DateOnly)
	}
	return scratch.BillingRun(e.Context(), e.s, strings.TrimSpace(day+" "+refusing))
}

// callIt names the billing group: call it NAME.
func (e *played) callIt(name string) error {
	e.names["{"+name+"}"] = e.names["{GROUP}"]
	return nil
}

// line says which line take, drop and end are about.
func (e *played) line(id string) error {
	e.names["{LINE}"] = id
	return nil
}

// imported imports the catalogue with another price: import OPTION at PRICE.
func (e *played) imported(argument string) error {
	option, price, _ := strings.Cut(argument, " at ")
	before, ours, _ := strings.Cut(e.catalogue, fmt.Sprintf("key = %q\n", e.brand.Key))
	above, below, found := strings.Cut(ours, fmt.Sprintf("option_key = %q\n", option))
	if !found {
		return fmt.Errorf("brand %s has no option %s", e.brand.Key, option)
	}
	old := regexp.MustCompile(`recurrent_price = .*`).FindString(below)
	text := before + fmt.Sprintf("key = %q\n", e.brand.Key) + above + fmt.Sprintf("option_key = %q\n", option) + strings.Replace(below, old, "recurrent_price = "+price, 1)
	f, mistakes := catalogue.Load("billing-catalogue.toml", []byte(text))
	if len(mistakes) > 0 {
		return errors.New(mistakes[0].String())
	}
	return e.s.Store.Update(e.Context(), func(tx store.Tx) error {
		_, err := catalogue.Import(tx, f)
		return err
	})
}

func (e *played) balance(want string) error {
	if err := e.call("SOAP_GET_BILLING_GROUP", value.Tree{value.OfString("BILLING_GROUP_ID", e.names["{GROUP}"])}); err != nil {
		return err
	}
	got := e.answer.Path("BILLING_GROUP/BALANCE")
	if got == nil {
		got = e.answer.Path("BILLING_GROUP/BALANCE_AMOUNT")
	}
	if got == nil {
		return fmt.Errorf("the answer has no balance: %v", e.answer)
	}
	if !decimal.RequireFromString(want).Equal(decimal.RequireFromString(got.Text)) {
		return fmt.Errorf("it is %s", got.Text)
	}
	return nil
}

// invoices are those of the group, oldest first.
func (e *played) invoices() (all []*ledger.Invoice, err error) {
	id, err := store.ParseID(e.names["{GROUP}"])
	if err != nil {
		return nil, err
	}
	err = e.view(func(tx store.Tx) error {
		all, _, err = ledger.Invoices.Page(tx, ledger.ByGroup, id.String(), nil, 1000)
		return err
	})
	return all, err
}

func (e *played) noInvoice(string) error {
	all, err := e.invoices()
	if err == nil && len(all) > 0 {
		err = fmt.Errorf("there is %s", invoiceText(all[len(all)-1]))
	}
	return err
}

// invoice looks at one by its number, else at the newest: every part that is said must
// be part of what invoiceText says of it.
func (e *played) invoice(want string) error {
	all, err := e.invoices()
	if err != nil || len(all) == 0 {
		return errors.Join(err, errors.New("there is none"))
	}
	i := all[len(all)-1]
	number, rest, _ := strings.Cut(want, ": ")
	if rest == "" {
		number, rest = "", want
	}
	for _, one := range all {
		if one.Number == number {
			i = one
		}
	}
	if number != "" && i.Number != number {
		return fmt.Errorf("there is no %s, but %s", number, i.Number)
	}
	e.names["{INVOICE}"] = i.ID.String()
	for part := range strings.SplitSeq(rest, ", ") {
		if !strings.Contains(", "+invoiceText(i)+", ", ", "+part+", ") {
			return fmt.Errorf("it is %s: %s", i.Number, invoiceText(i))
		}
	}
	return nil
}

// invoiceText is an invoice as examples have it.
func invoiceText(i *ledger.Invoice) string {
	units := catalogue.MinorUnits(i.Currency)
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	return fmt.Sprintf("%s + %s = %s, for %s to %s, of %s, due %s, %s, open %s, dunned %s", i.Net.StringFixed(units), i.Tax.StringFixed(units), i.Total.StringFixed(units),
		day(i.From), day(i.Until.AddDate(0, 0, -1)), day(i.Date), day(i.DueDate), i.Status(), i.Outstanding().StringFixed(units), i.Dunning)
}

// open looks at what all invoices of the group are owed.
func (e *played) open(want string) error {
	all, err := e.invoices()
	if err != nil {
		return err
	}
	sum := decimal.Zero
	for _, i := range all {
		sum = sum.Add(i.Outstanding())
	}
	if !sum.Equal(decimal.RequireFromString(want)) {
		return fmt.Errorf("%s is", sum)
	}
	return nil
}

// answered looks at the last answer: answer PATH=VALUE.
func (e *played) answered(argument string) error {
	path, want, _ := strings.Cut(argument, "=")
	got := e.answer.Path(path)
	if got == nil || got.Text != want && !equalNumbers(got.Text, want) {
		return fmt.Errorf("it is %v in %v", got, e.answer)
	}
	return nil
}

func equalNumbers(a, b string) bool {
	x, err := decimal.NewFromString(a)
	y, other := decimal.NewFromString(b)
	return err == nil && other == nil && x.Equal(y)
}
