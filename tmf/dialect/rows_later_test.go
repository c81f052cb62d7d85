package dialect_test

import (
	"rator/tmf/problem"
	"rator/tmf/tmftest"
)

// The customer of the later dialects, row by row (tmf-customer.md 0.1, 1.4).

var extensionRows = []attribute{
	{row: "1.4 @baseType", name: "@baseType", values: []string{`"PartyRole"`, `"B"`}, faults: textFaults("@baseType")},
	{row: "1.4 @schemaLocation", name: "@schemaLocation", values: []string{`"http://x/schema"`, `"y"`}, faults: textFaults("@schemaLocation")},
	{row: "0.2 Unknown attributes, at any depth, are stored and echoed", name: "xUnknown", values: []string{`{"y":[1,2.50,null]}`, `"text"`}},
}

func laterMediumFaults(kind string) []fault {
	return append(missingIn("contactMedium", map[string]string{`{"characteristic":{"emailAddress":"a@b"}}`: kind}),
		fault{`[{"` + kind + `":"Email","characteristic":{"emailAddress":7}}]`, problem.BadFormat, "contactMedium[0].characteristic.emailAddress must be a string, not a number", true},
		fault{`[{"` + kind + `":"Email","characteristic":"x"}]`, problem.BadFormat, "contactMedium[0].characteristic must be an object, not a string", true},
		fault{`[{"` + kind + `":"Email","preferred":1,"characteristic":{"emailAddress":"a"}}]`, problem.BadFormat, "contactMedium[0].preferred must be a boolean, not a number", true})
}

func laterMedia(kind string) []string {
	return []string{
		`[{"preferred":true,"` + kind + `":"Email","validFor":` + oddPeriod + `,"characteristic":{"emailAddress":"r@example.org","x":1}},{"` + kind + `":"PostalAddress","characteristic":{"street1":"L 7","street2":"b","city":"Wien","stateOrProvince":"Q","postCode":"1020","country":"Austria"}},{"` + kind + `":"TelephoneNumber","characteristic":{"contactType":"mobile","phoneNumber":"+43664"}},{"` + kind + `":"Fax","characteristic":{"faxNumber":"1"}}]`,
		`[{"` + kind + `":"Chat","characteristic":{"socialNetworkId":"me"}}]`,
	}
}

var v3Rows = resourceRows{
	resource: "customer", base: tmftest.DialectV3, least: `{"name":"Least"}`,
	rows: append([]attribute{
		computed("1.4 v3 id", "id"),
		computed("1.4 v3 href", "href"),
		mandatoryText("1.4 v3 name(M)", "name", `"Row three"`, `"Row three two"`),
		{row: "1.4 v3 status", name: "status", values: []string{`"on trial"`, `"In good standing"`}, faults: textFaults("status"), erased: "*"},
		{row: "1.4 v3 statusReason", name: "statusReason", values: []string{`"because"`, `""`}, faults: textFaults("statusReason")},
		{row: "1.4 v3 validFor", name: "validFor", values: []string{oddPeriod, otherPeriod}, faults: periodFaults},
		{row: "1.4 v3 engagedParty{id,href}", name: "engagedParty", values: []string{`{"id":"1"}`, `{"id":"2","name":"n","@referredType":"Organization"}`}, erased: "*", faults: []fault{
			{`[{"id":"1"}]`, problem.BadFormat, "engagedParty must be an object, not an array", true}, {`{"id":1}`, problem.BadFormat, "engagedParty.id must be a string, not a number", true}}},
		{row: "1.4 v3 type(RoleTypeRef)", name: "type", values: []string{`{"id":"r","name":"t"}`, `{"name":"u","partyRoleSpecification":{"x":1}}`}, faults: []fault{{`"x"`, problem.BadFormat, "type must be an object, not a string", true}}},
		{row: "1.4 v3 account[]{id,href,name all C}", name: "account", values: []string{`[{"id":"1","href":"http://h/1","name":"n"}]`, `[{"id":"2","href":"http://h/2","name":"m","description":"d"}]`}, erased: "*",
			faults: missingIn("account", map[string]string{`{"href":"h","name":"n"}`: "id", `{"id":"1","name":"n"}`: "href", `{"id":"1","href":"h"}`: "name"})},
		{row: "1.4 v3 paymentMethod[]{id,href}", name: "paymentMethod", values: []string{`[{"id":"1"}]`, `[{"id":"2","href":"http://h/2"}]`}, erased: "*", faults: []fault{{`{}`, problem.BadFormat, "paymentMethod must be an array, not an object", true}, {`[{"id":7}]`, problem.BadFormat, "paymentMethod[0].id must be a string", true}}},
		{row: "1.4 v3 contactMedium[]{type, characteristic C; preferred; validFor}", name: "contactMedium", values: laterMedia("type"), erased: "*",
			faults: append(laterMediumFaults("type"), missingIn("contactMedium", map[string]string{`{"type":"Email"}`: "characteristic"})...)},
		{row: "1.4 v3 characteristic[]{name,value}", name: "characteristic", values: []string{`[{"name":"n","value":"v"}]`, `[{"name":"m","value":"w"}]`}, erased: "*",
			faults: append(missingIn("characteristic", map[string]string{`{"value":"v"}`: "name", `{"name":"n"}`: "value"}), fault{`[{"name":"n","value":7}]`, problem.BadFormat, "characteristic[0].value must be a string, not a number", true})},
		{row: "1.4 v3 creditProfile[]{creditProfileDate,validFor C; creditRiskRating, creditScore int}", name: "creditProfile", values: creditProfiles, faults: creditProfileFaults("creditProfile")},
		{row: "1.4 v3 agreement[]", name: "agreement", values: []string{`[{"id":"a1","name":"n"}]`, `[{"href":"http://h/a"}]`}, faults: []fault{{`{}`, problem.BadFormat, "agreement must be an array, not an object", true}}},
		{row: "1.4 v3 relatedParty[]", name: "relatedParty", values: []string{`[{"id":"1","role":"r","validFor":` + oddPeriod + `}]`, `[{"name":"only"}]`}, faults: []fault{{`{"id":"1"}`, problem.BadFormat, "relatedParty must be an array, not an object", true}}},
		{row: "1.4 v3 @type", name: "@type", values: []string{`"C"`, `"D"`}, faults: textFaults("@type")},
		{row: "1.4 v3 No description: an unknown attribute", name: "description", values: []string{`7`, `"text"`}},
		{row: "1.4 v3 no customerRank: an unknown attribute", name: "customerRank", values: []string{`{"a":1}`, `"3"`}},
	}, extensionRows...),
}

var v4Rows = resourceRows{
	resource: "customer", base: tmftest.DialectV4, least: `{"name":"Least","engagedParty":{"id":"1","@referredType":"Individual"}}`,
	rows: append([]attribute{
		computed("1.4 v4 id", "id"),
		computed("1.4 v4 href", "href"),
		mandatoryText("1.4 v4 name", "name", `"Row four"`, `"Row four two"`),
		{row: "1.4 v4 status", name: "status", values: []string{`"on trial"`, `"In good standing"`}, faults: textFaults("status"), erased: "*"},
		{row: "1.4 v4 statusReason", name: "statusReason", values: []string{`"because"`, `"y"`}, faults: textFaults("statusReason")},
		{row: "1.4 v4 validFor", name: "validFor", values: []string{oddPeriod, otherPeriod}, faults: periodFaults},
		{row: "1.4 v4 engagedParty mandatory (id + @referredType)", name: "engagedParty", mandatory: true, values: []string{`{"id":"1","@referredType":"Individual"}`, `{"id":"2","name":"n","@referredType":"Organization","href":"http://h/2"}`}, faults: []fault{
			{`{"@referredType":"Individual"}`, problem.MissingField, "engagedParty.id is mandatory", false}, {`{"id":"1"}`, problem.MissingField, "engagedParty.@referredType is mandatory", false},
			{`"x"`, problem.BadFormat, "engagedParty must be an object, not a string", true}, {`{"id":7,"@referredType":"Individual"}`, problem.BadFormat, "engagedParty.id must be a string, not a number", true}}},
		{row: "1.4 v4 account[] needs name", name: "account", values: []string{`[{"id":"1","name":"n"}]`, `[{"name":"m"}]`}, erased: "*", faults: missingIn("account", map[string]string{`{"id":"1"}`: "name"})},
		{row: "1.4 v4 agreement[] need id", name: "agreement", values: []string{`[{"id":"9"}]`, `[{"id":"8","name":"n"}]`}, faults: missingIn("agreement", map[string]string{`{"name":"n"}`: "id"})},
		{row: "1.4 v4 paymentMethod[] need id", name: "paymentMethod", values: []string{`[{"id":"9"}]`, `[{"id":"8","name":"n"}]`}, erased: "*", faults: missingIn("paymentMethod", map[string]string{`{"name":"n"}`: "id"})},
		{row: "1.4 v4 characteristic value is any JSON (+valueType)", name: "characteristic", values: []string{`[{"name":"a","value":{"x":[1,null]},"valueType":"object"},{"name":"b","value":7}]`, `[{"name":"c","value":"text"}]`}, erased: "*",
			faults: missingIn("characteristic", map[string]string{`{"value":"v"}`: "name", `{"name":"n"}`: "value"})},
		{row: "1.4 v4 contactMedium uses mediumType + characteristic", name: "contactMedium", values: laterMedia("mediumType"), erased: "*", faults: laterMediumFaults("mediumType")},
		{row: "1.4 v4 creditProfile[]", name: "creditProfile", values: creditProfiles, faults: creditProfileFaults("creditProfile")},
		{row: "1.4 v4 relatedParty[]", name: "relatedParty", values: []string{`[{"id":"7","role":"x","@referredType":"Individual"}]`, `[{"name":"only"}]`}, faults: []fault{{`{"id":"1"}`, problem.BadFormat, "relatedParty must be an array, not an object", true}}},
		{row: "1.4 v4 @type must be in answers", name: "@type", values: []string{`"VIP"`, `"Customer"`}, erased: `"Customer"`, faults: textFaults("@type")},
	}, extensionRows...),
}
