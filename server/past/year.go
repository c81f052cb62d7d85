package past

import "time"

// The brands of the demo catalogue.
const (
	demo  = "DEMO"
	norge = "DEMO2"
)

// denver is an address in the first brand's country, where taxes are known.
var denver = []string{"USER.STREET=Invented Street", "USER.CITY=Denver", "USER.ZIP=80202", "USER.STATE=CO", "USER.COUNTRY=US"}

// oslo is one in the second's.
var oslo = []string{"USER.STREET=Oppdiktet gate", "USER.CITY=Oslo", "USER.ZIP=0150", "USER.COUNTRY=NO"}

// with puts the words of a sign-up together.
func with(address []string, more ...string) []string { return append(more, address...) }

// option is a product option of the line that is signed up.
const option = "SIGNUP_SERVICES.CDMA_SERVICE.PRODUCT_OPTION_IDS.PRODUCT_OPTION_ID"

// year is what happened. Invoices come on the first of a month; Bo stops to pay his in the
// end, and Dina and Carl have not paid the last ones yet.
func (m *maker) year() {
	ada := m.signUp(demo, "EN", "POST_PAID", "ada.example", with(denver, "USER.FIRST_NAME=Ada", "USER.LAST_NAME=Example", "USER.STREET_NUMBER=1", option+"=PLAN_B", option+"[2]=BWW_DATA_2000")...)
	m.activate(ada)
	bo := m.signUp(demo, "EN", "POST_PAID", "bo.sample", with(denver, "USER.FIRST_NAME=Bo", "USER.LAST_NAME=Sample", "USER.STREET_NUMBER=2", option+"=PLAN_A")...)
	m.activate(bo)
	dina := m.signUp(norge, "NO", "POST_PAID", "dina.demo", with(oslo, "USER.FIRST_NAME=Dina", "USER.LAST_NAME=Demo", "USER.STREET_NUMBER=3", option+"=FRI")...)
	m.activate(dina)

	m.payday(1, ada, bo, dina)
	ella := m.signUp(demo, "EN", "PRE_PAID_ADVANCED", "ella.fiction", with(denver, "USER.FIRST_NAME=Ella", "USER.LAST_NAME=Fiction", "USER.STREET_NUMBER=4", "SIGNUP_SERVICES.CDMA_SERVICE.ORDER_ID=1")...)
	m.activate(ella)
	m.call(ella, "SOAP_CREATE_RECHARGE_TICKET", "BILLING_GROUP_ID="+ella.group, "REFERENCE=invented:0001", "TICKET_ID=invented:0001", "RECHARGE_AMOUNT=20.00", "RECHARGE_LIMIT=5")
	m.call(ella, "SOAP_SAVE_PAYMENT", "BILLING_GROUP_ID="+ella.group, "AMOUNT=30.00", "PAYMENT_REFERENCE=voucher", "CHANNEL=SHOP", "PAYMENT_CAPTURED=1")
	m.call(ella, "SOAP_SUBSCRIBE_PRODUCT_OPTIONS", "SUBSCRIPTION_ID="+ella.subscription, "PRODUCT_OPTION_IDS.PRODUCT_OPTION_ID=PREPAID_DATA_100")

	m.payday(2, ada, bo, dina)
	carl := m.signUp(norge, "DK", "POST_PAID", "carl.proeve", with(oslo, "USER.COMPANY=Opdigtet A/S", "USER.FIRST_NAME=Carl", "USER.LAST_NAME=Prøve", "USER.STREET_NUMBER=5", option+"=FRI_PLUSS")...)
	m.activate(carl)
	shared := m.signUp(norge, "DK", "POST_PAID", "carl.kontor", with(oslo, "USER.COMPANY=Opdigtet A/S", "USER.FIRST_NAME=Carls", "USER.LAST_NAME=Kontor", "USER.STREET_NUMBER=5", "SIGNUP_SERVICES.SHARED_SERVICE.ORDER_ID=1")...)
	m.call(carl, "SOAP_ADD_SHARED_SERVICE_MEMBER", "SHARED_SERVICE_ID="+shared.subscription, "TARGET_OBJECTS.ACCOUNT_ID="+shared.account)

	m.payday(3, ada, bo, dina, carl)
	m.call(ada, "SOAP_ORDER_HANDSET", "SUBSCRIPTION_ID="+ada.subscription, "IDENTIFIER=4711")
	m.payday(4, ada, bo, dina, carl)
	gus := m.signUp(demo, "EN", "POST_PAID", "gus.madeup", with(denver, "USER.FIRST_NAME=Gus", "USER.LAST_NAME=Madeup", "USER.STREET_NUMBER=6", option+"=PLAN_A")...)
	m.activate(gus)
	m.payday(5, ada, bo, dina, carl, gus)
	m.call(gus, "SOAP_TERMINATE_SUBSCRIPTION", "SUBSCRIPTION_ID="+gus.subscription, "TERMINATION_DATE="+m.tenth(7).AddDate(0, 0, 10).Format(time.DateOnly))
	m.payday(6, ada, bo, dina, carl, gus)
	m.call(bo, "SOAP_SUBSCRIBE_PRODUCT_OPTIONS", "SUBSCRIPTION_ID="+bo.subscription, "PRODUCT_OPTION_IDS.PRODUCT_OPTION_ID=VOICE_MAIL")
	for month := 7; month <= 9; month++ {
		m.payday(month, ada, bo, dina, carl, gus)
	}
	m.call(carl, "SOAP_BLOCK_SERVICE", "SUBSCRIPTION_ID="+carl.subscription, "BLOCK_TYPE=BLOCK_AS_LOST", "REASON=invented")
	m.payday(10, ada, dina, carl)
	m.payday(11, ada, dina, carl)
	m.payday(12, ada)

	m.to(m.end.AddDate(0, 0, -3))
	ines := m.signUp(demo, "EN", "POST_PAID", "ines.placeholder", with(denver, "USER.FIRST_NAME=Ines", "USER.LAST_NAME=Placeholder", "USER.STREET_NUMBER=7", option+"=PLAN_A")...)
	m.activate(ines, "NPFLOW.AUTHORIZED_BY=Ines Placeholder", "NPFLOW.BILL_STREET_NAME=Invented Street", "NPFLOW.BILL_CITY_NAME=Denver", "NPFLOW.BILL_STATE_CODE=CO",
		"NPFLOW.USPS_POSTAL_CD=80202", "NPFLOW.SSN=000-00-0000", "NPFLOW.ACCOUNT_NUMBER=invented", "NPFLOW.PHONE_NUMBER=17205550100", "NPFLOW.PORT_DATE="+m.end.AddDate(0, 0, 10).Format(time.DateOnly))
	m.to(m.end)
}
