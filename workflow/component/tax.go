package component

import (
	"strings"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "preview_taxes", Area: catalogueArea, Reads: true,
		Desc: "What taxes would take of CHARGE, in the brand's currency, as a list of TAX with an AMOUNT each. CUSTOMER_NUMBER is only looked up; empty and 000000 mean none.",
		In: []Param{mandatory("COUNTRY_CODE"), text("ADDRESS_STATE"), text("CITY"), text("ZIP"),
			{Key: "TRANSACTION_TYPE", Type: value.Long, Mandatory: true}, {Key: "SERVICE_TYPE", Type: value.Long, Mandatory: true},
			{Key: "CHARGE", Type: value.Double, Mandatory: true}, text("CUSTOMER_NUMBER"),
			{Key: "TAX_DATE", Type: value.Date, Mandatory: true}, {Key: "IS_BUSINESS_USER", Type: value.Boolean, Mandatory: true}},
		Out:   []string{"TAX"},
		Fails: []*failure.Code{catalogue.UnknownTaxArea, catalogue.PlaceNotUnderstood, catalogue.WrongTaxCharge, catalogue.WrongTaxDate, customer.UnknownCustomer},
		Run:   previewTaxes,
	})
}

func previewTaxes(c *Call, in value.Tree) (value.Tree, error) {
	what := catalogue.Taxable{Country: in.Text("COUNTRY_CODE"), State: in.Text("ADDRESS_STATE"), City: in.Text("CITY"), ZIP: in.Text("ZIP")}
	for key, place := range map[string]*int64{"TRANSACTION_TYPE": &what.TransactionType, "SERVICE_TYPE": &what.ServiceType} {
		n, err := value.ParseLong(in.Text(key))
		if err != nil {
			return nil, failure.InvalidRequest.With("%s %v", key, err)
		}
		*place = n
	}
	var err error
	if what.Business, err = value.ParseBoolean(in.Text("IS_BUSINESS_USER")); err != nil {
		return nil, failure.InvalidRequest.With("IS_BUSINESS_USER %v", err)
	}
	if what.Date, err = c.mandatoryDate(in, "TAX_DATE"); err != nil {
		return nil, err
	}
	charge, err := value.ParseDecimal(in.Text("CHARGE"))
	if err != nil {
		return nil, catalogue.WrongTaxCharge.With("CHARGE is not a finite number")
	}
	if number := in.Text("CUSTOMER_NUMBER"); strings.Trim(number, "0 ") != "" {
		a, _, err := customer.FindByCustomerNumber(c.Tx, c.Brand, number)
		if err != nil {
			return nil, err
		}
		c.touch(a.ID)
	}
	lines, err := catalogue.PreviewTaxes(c.Tx, c.Brand, what, catalogue.Money{Amount: charge, Currency: c.Brand.Currency})
	if err != nil {
		return nil, err
	}
	taxes := make(value.Tree, 0, len(lines))
	for _, l := range lines {
		taxes = append(taxes, value.Of("TAX", value.OfString("ID", l.ID), value.OfString("CODE", l.Code), value.OfString("NAME", l.Name),
			value.OfMoney("RATE", l.Rate), value.OfMoney("AMOUNT", l.Amount.Amount)))
	}
	return taxes, nil
}
