package wsdl

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// sampleID has the shape of Rator's ids (rator-api.md 2.1).
const sampleID = "201401020304051234"

// exampleTexts are texts for keys that mean the same everywhere (rator-api.md
// 1.4 and 2.3 to 2.7).
var exampleTexts = map[string]string{
	"LANGUAGE": "EN", "OPERATOR": "demo", "BRAND_KEY": "DEMO", "STATUS": "0",
	"ACCOUNT_TYPE": "0", "PRODUCT_CODE": "POST_PAID", "CUSTOMER_NUMBER": "100001", "ORDER_ID": "1001",
	"COMPANY": "Nordlys AS", "FIRST_NAME": "Åse", "LAST_NAME": "Øre", "USERNAME": "ase.ore", "LOGIN": "ase.ore",
	"STREET": "Storgata", "STREET_NUMBER": "1", "ZIP": "0155", "CITY": "Oslo", "COUNTRY": "NO", "LANGUAGE_CODE": "NO",
	"EMAIL": "ase@example.com", "EMAIL2": "ore@example.com", "GENDER": "F", "BIRTHDAY": "1980-05-17T00:00:00Z", "CREDIT_LIMIT": "1000",
	"PERSONAL_ID": "17058012345", "CURRENCY": "NOK",
	"PHONE1": "4722000001", "PHONE2": "4722000002", "PHONE3": "4722000003", "PHONE_NUMBER": "4740000001", "MSISDN": "4740000001",
	"INVOICE_DELIVERY_TYPE_ID": "1", "ADD_BILLING_FEE": "N", "TICKET_TYPE": "BASE",
	"IBAN_NUMBER": "NO9386011117947", "BANK_ACCOUNT_NUMBER": "86011117947", "BANK_IDENTIFIER_CODE": "DNBANOKK",
}

// typeTexts are texts of each type, as the endpoint writes them.
var typeTexts = map[value.Type]string{
	value.Long: "1", value.Double: "12.5", value.Float: "12.5", value.Boolean: "true", value.Date: "2025-01-31T12:00:00Z",
}

// example is a text for v that keeps v's rules: the likeliest one that does,
// else one made from the pattern, else the likeliest one whatever it breaks.
func example(v *contract.Value) string {
	likely := likelyTexts(v)
	for _, text := range likely {
		if keeps(v, text) {
			return text
		}
	}
	if v.Pattern != nil {
		for _, text := range matching(v.Pattern) {
			if keeps(v, text) {
				return text
			}
		}
	}
	return likely[0]
}

// likelyTexts are texts that could stand for v, the likeliest first.
func likelyTexts(v *contract.Value) []string {
	var likely []string
	if v.HasDef {
		likely = append(likely, v.Default)
	}
	likely = append(likely, v.Enum...)
	if v.Secret != contract.NotSecret {
		likely = append(likely, cut("secret", v.MaxLen))
	} else if text, ok := exampleTexts[v.Key]; ok {
		likely = append(likely, cut(text, v.MaxLen))
	} else if v.Key == "ID" || strings.HasSuffix(v.Key, "_ID") {
		likely = append(likely, cut(sampleID, v.MaxLen))
	}
	if text, ok := typeTexts[v.Type]; ok {
		return append(likely, text)
	}
	return append(likely, cut(strings.ReplaceAll(strings.ToLower(v.Key), "_", " "), v.MaxLen))
}

// cut is text's first limit characters; all of it when limit is 0.
func cut(text string, limit int) string {
	if limit == 0 || utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit])
}

// keeps reports whether text is of v's type and keeps v's rules.
func keeps(v *contract.Value, text string) bool {
	return reads(v.Type, text) &&
		(len(v.Enum) == 0 || slices.Contains(v.Enum, text)) &&
		(v.MaxLen == 0 || utf8.RuneCountInString(text) <= v.MaxLen) &&
		(v.Pattern == nil || v.Pattern.MatchString(text))
}

func reads(t value.Type, text string) bool {
	var err error
	switch t {
	case value.Long:
		_, err = value.ParseLong(text)
	case value.Double, value.Float:
		_, err = value.ParseDouble(text)
	case value.Boolean:
		_, err = value.ParseBoolean(text)
	case value.Date:
		_, err = value.ParseDate(text, time.UTC)
	}
	return err == nil
}
