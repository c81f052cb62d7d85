package customer_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/customer"
	"rator/failure"
)

// The keys of rator-api.md 2.3 to 2.7, in and out, must be those of the tags.
func TestKeys(t *testing.T) {
	const user = "COMPANY TITLE FIRST_NAME LAST_NAME STREET STREET_NUMBER STREET_DIRECTION STREET_UNIT FLOOR FLOOR_UNIT ADDRESS2 CITY ZIP ZIP_EXTENSION STATE COUNTRY " +
		"PHONE1 PHONE2 PHONE3 FAX EMAIL EMAIL2 BIRTHDAY PERSONAL_ID PERSONAL_ID_TYPE PERSONAL_ID_EXPIRY_DATE GENDER CREDIT_LIMIT LANGUAGE_CODE COMMUNICATION_TYPE VAT_NUMBER"
	const billingGroup = "NAME BILLING_ADDRESS_ID BANK_ACCOUNT_NUMBER BANK_REG_NUMBER BANK_IDENTIFIER_CODE IBAN_NUMBER PBS_NUMBER EAN_NUMBER " +
		"INVOICE_DELIVERY_TYPE INVOICE_DELIVERY_TYPE_ID ADD_BILLING_FEE"
	for _, test := range []struct {
		name, in, out  string
		takes, answers any
	}{
		{"account", "ACCOUNT_TYPE REFERENCED_BY SALES_CHANNEL SALES_AGENT_ID",
			"CUSTOMER_NUMBER OWNER_ID STATUS ACCOUNT_TYPE REFERENCED_BY SALES_CHANNEL SALES_AGENT_ID",
			customer.AccountFields{}, customer.Account{}},
		{"user", user,
			"USERNAME COMPANY TITLE FIRST_NAME LAST_NAME STREET STREET_NUMBER STREET_UNIT FLOOR FLOOR_UNIT ADDRESS2 CITY ZIP ADDRESS_STATE COUNTRY " +
				"PHONE1 PHONE2 PHONE3 FAX EMAIL EMAIL2 PERSONAL_ID GENDER LANGUAGE_CODE VAT_NUMBER",
			customer.UserFields{}, customer.User{}},
		{"billing group", billingGroup,
			"OWNER_ID TYPE BILLING_CYCLE BALANCE NAME BILLING_ADDRESS_ID BANK_ACCOUNT_NUMBER BANK_IDENTIFIER_CODE IBAN_NUMBER",
			customer.BillingGroupFields{}, customer.BillingGroup{}},
		{"recharge ticket", "TICKET_ID REFERENCE TICKET_TYPE RECHARGE_AMOUNT RECHARGE_TO_AMOUNT RECHARGE_LIMIT",
			"BILLING_GROUP_ID TICKET_ID REFERENCE TICKET_TYPE RECHARGE_AMOUNT RECHARGE_TO_AMOUNT RECHARGE_LIMIT",
			customer.RechargeTicketFields{}, customer.RechargeTicket{}},
		{"subscription", "SALES_CHANNEL SALES_AGENT_ID SHOP_ID OPERATOR_ID DELIVERY_ADDRESS_ID",
			"USER_ID PRODUCT_CODE PRODUCT_ID RATE_PLAN_ID STATUS START_DATE END_DATE SALES_CHANNEL SALES_AGENT_ID SHOP_ID OPERATOR_ID",
			customer.SubscriptionFields{}, customer.Subscription{}},
		{"block", "BLOCK_TYPE STOLEN_DATE", "", customer.BlockFields{}, customer.BlockFields{}},
		{"service", "MSISDN RESERVATION_ID ORDER_ID MEID CUSTOM_SIM_HANDLE",
			"CODE STATUS MSISDN ORDER_ID MEID CUSTOM_SIM_HANDLE",
			customer.ServiceFields{}, customer.Service{}},
		{"option", "ID OPTION_KEY NAME", "ID OPTION_KEY NAME", customer.SubscribedOption{}, customer.SubscribedOption{}},
		{"number porting", "AUTHORIZED_BY BUSINESS_NAME BILL_FIRST_NAME BILL_LAST_NAME BILL_STREET_NAME BILL_STREET_NUMBER BILL_STREET_DIRECTION_INDICATOR BILL_CITY_NAME " +
			"BILL_STATE_CODE USPS_POSTAL_CD USPS_POSTAL_CD_EXTENSION SSN TAX_ID ACCOUNT_NUMBER PASSWORD_PIN PHONE_NUMBER PORT_DATE",
			"AUTHORIZED_BY BUSINESS_NAME BILL_FIRST_NAME BILL_LAST_NAME BILL_STREET_NAME BILL_STREET_NUMBER BILL_STREET_DIRECTION_INDICATOR BILL_CITY_NAME " +
				"BILL_STATE_CODE USPS_POSTAL_CD USPS_POSTAL_CD_EXTENSION PHONE_NUMBER PORT_DATE",
			customer.NumberPortingFields{}, customer.NumberPorting{}},
	} {
		in, _ := keys(test.takes)
		_, out := keys(test.answers)
		if diff := cmp.Diff(sorted(test.in), in); diff != "" {
			t.Errorf("%s takes (-want +got):\n%s", test.name, diff)
		}
		if diff := cmp.Diff(sorted(test.out), out); diff != "" {
			t.Errorf("%s answers (-want +got):\n%s", test.name, diff)
		}
	}
}

func keys(x any) (in, out []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeOf(x)) {
		key, ok := f.Tag.Lookup("key")
		if !ok {
			continue
		}
		in = append(in, key)
		if answered, ok := f.Tag.Lookup("out"); ok {
			key = answered
		}
		if key != "-" {
			out = append(out, key)
		}
	}
	slices.Sort(in)
	slices.Sort(out)
	return in, out
}

func sorted(keys string) []string {
	if keys == "" {
		return nil
	}
	return slices.Sorted(slices.Values(strings.Fields(keys)))
}

func TestCodesHaveAllLanguages(t *testing.T) {
	for _, c := range failure.Codes() {
		for _, lang := range []string{"EN", "DK", "SE", "NO", "FR", "DE"} {
			if c.Number >= 150 && c.Number < 300 && c.Text[lang] == "" {
				t.Errorf("%s has no text in %s", c.Name, lang)
			}
		}
	}
}
