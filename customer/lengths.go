package customer

// lengths are how many characters the texts of customers have at most, by the keys
// they travel under. They are those of the shipped contracts; a test compares them.
var lengths = map[string]int{
	"COMPANY": 200, "TITLE": 50, "FIRST_NAME": 100, "LAST_NAME": 100,
	"STREET": 200, "STREET_NUMBER": 20, "STREET_DIRECTION": 20, "STREET_UNIT": 20, "FLOOR": 20, "FLOOR_UNIT": 20,
	"ADDRESS2": 200, "CITY": 100, "ZIP": 20, "ZIP_EXTENSION": 20, "STATE": 50, "COUNTRY": 60,
	"PHONE1": 40, "PHONE2": 40, "PHONE3": 40, "FAX": 40, "EMAIL": 254, "EMAIL2": 254,
	"USERNAME": 100, "PERSONAL_ID": 40, "PERSONAL_ID_TYPE": 40, "GENDER": 10, "LANGUAGE_CODE": 10, "COMMUNICATION_TYPE": 40, "VAT_NUMBER": 40,
	"SALES_CHANNEL": 60, "SALES_AGENT_ID": 60, "REFERENCED_BY": 60, "PRODUCT_CODE": 60,
	"NAME": 100, "BANK_ACCOUNT_NUMBER": 40, "BANK_REG_NUMBER": 40, "BANK_IDENTIFIER_CODE": 11, "IBAN_NUMBER": 34, "PBS_NUMBER": 40, "EAN_NUMBER": 40,
	"INVOICE_DELIVERY_TYPE": 40,
}

// Longest is how many characters the text under a key of a customer's may have
// when it comes from outside: of a User, a Billing Group (NAME), or the sign-up
// itself. 0 is no limit of its own.
func Longest(key string) int { return lengths[key] }
