package convert_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rator/replay/convert"
	"rator/replay/fixture"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// projectFile is a project with a suite s, a case c and these properties and steps.
func projectFile(t *testing.T, properties map[string]string, steps string) string {
	t.Helper()
	src := `<con:soapui-project xmlns:con="http://eviware.com/soapui/config" name="p"><con:testSuite name="s"><con:testCase name="c">` + steps +
		`</con:testCase></con:testSuite><con:properties>`
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		src += `<con:property><con:name>` + name + `</con:name><con:value>` + properties[name] + `</con:value></con:property>`
	}
	file := filepath.Join(t.TempDir(), "project.xml")
	if err := os.WriteFile(file, []byte(src+`</con:properties></con:soapui-project>`), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// stepOf is a request step; more goes into it behind the request.
func stepOf(name, endpoint, body, more string) string {
	return fmt.Sprintf(`<con:testStep type="request" name="%s"><con:config><con:request><con:settings><con:setting id="com.eviware.soapui.impl.wsdl.WsdlRequest@request-headers">`+
		`&lt;entry key="X-Api-Key" value="planted-key" xmlns="http://eviware.com/soapui/config"/></con:setting></con:settings>`+
		`<con:endpoint>%s</con:endpoint><con:request><![CDATA[%s]]></con:request>%s</con:request></con:config></con:testStep>`, name, endpoint, body, more)
}

// TestSoapUISecrets: nothing that a recording would hide is written, wherever in the
// project it stands, and what stands for it is told.
func TestSoapUISecrets(t *testing.T) {
	assertion := func(kind, configuration string) string {
		return `<con:assertion type="` + kind + `" name="` + kind + `"><con:configuration>` + configuration + `</con:configuration></con:assertion>`
	}
	file := projectFile(t, map[string]string{
		"password": "planted-1", "copy": "planted-1", "user": "planted-2", "town": "Odense", "body": "&lt;a>&lt;PIN>planted-3&lt;/PIN>&lt;/a>", "note": "4111111111111111",
	},
		stepOf("login", "http://ann:planted-4@one/api?apikey=planted-5&amp;town=${town}&amp;token=${password}",
			`<login><user>ann</user><password>planted-6</password><secret>${user}</secret><note>${password}</note><w:Security xmlns:w="urn:w"><w:Password Type="t">planted-7</w:Password></w:Security></login>`,
			`<con:credentials><con:username>ann</con:username><con:password>planted-8</con:password></con:credentials>`+
				assertion("Simple Contains", "<token>is planted-6!</token>")+
				assertion("Simple Contains", "<token>(?i)planted-6.*</token><useRegEx>true</useRegEx>")+
				assertion("XPath Match", "<path>//password</path><content>planted-9</content>")+
				assertion("XPath Match", "<path>//town</path><content>${town}</content>"))+
			stepOf("ours", "http://two/api", `<n:executeMethod xmlns:n="http://soap.CDRator.com/"><arg0><hookpointKey>SOAP_X</hookpointKey><values><key>SSN</key><value>planted-10</value></values></arg0></n:executeMethod>`, ""))
	contracts := func(hookpoint string) *contract.Contract {
		if hookpoint != "SOAP_X" {
			return nil
		}
		return &contract.Contract{Hookpoint: hookpoint, Request: []*contract.Value{{Key: "SSN", Type: value.String, Secret: contract.Masked}}}
	}
	dir := written(t, must(convert.SoapUI(file, convert.Options{Contracts: contracts})))
	files := tree(t, dir)
	for name, content := range files {
		if strings.Contains(content, "planted") || strings.Contains(content, "4111") {
			t.Errorf("a secret is in %s:\n%s", name, content)
		}
	}
	for name, want := range map[string]string{
		"s/c/01-login.request.xml": `<password>${PASSWORD}</password><secret>${user}</secret><note>${password}</note><w:Security xmlns:w="urn:w"><w:Password Type="t">${PASSWORD_2}</w:Password>`,
		"s/c/01-login.http":        "POST /api?apikey=${APIKEY}&town=Odense&token=${TOKEN} HTTP/1.1\n",
		"s/c/02-ours.request.xml":  `<key>SSN</key><value>${SSN}</value>`,
		"scenario.toml":            "[variables]\ntown = \"Odense\"\n",
		"CONVERSION.md":            "an assertion of step 01 holds a secret in a pattern or an XPath and is not converted\n* project.xml: secrets became variables; give them with --set: ",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s is\n%s\nwithout %s", name, files[name], want)
		}
	}
	settings := files["s/c/scenario.toml"]
	for _, want := range []string{"#   PASSWORD\n", "#   APIKEY\n", "#   password\n", "#   user\n", "#   SSN\n", `contains = "is ${PASSWORD}!"`, "xpath = \"//password\"\nvalue = \"${PASSWORD", `value = "${town}"`} {
		if !strings.Contains(settings, want) {
			t.Errorf("%q is not in\n%s", want, settings)
		}
	}
	if _, err := fixture.Find(fixture.Options{WithoutResponse: true}, dir); err != nil {
		t.Error(err)
	}
}

// TestSoapUIStepsByNumber: 08 and 09 are no octal numbers.
// TestSoapUISecretsByShape: what is a secret by its looks or by what it is compared with is
// not written either, and what only stands beside one is.
func TestSoapUISecretsByShape(t *testing.T) {
	transfer := func(path, into string) string {
		return `<con:testStep type="transfer" name="t` + into + `"><con:config><con:transfers><con:sourceType>Response</con:sourceType><con:sourceStep>login</con:sourceStep><con:sourcePath>` + path +
			`</con:sourcePath><con:targetType>` + into + `</con:targetType><con:targetStep>#TestCase#</con:targetStep></con:transfers></con:config></con:testStep>`
	}
	file := projectFile(t, map[string]string{"conn": "http://u:planted-1@h/?pwd=planted-2", "auth": "Bearer planted-3", "pw": "planted-4", "street": "Bearer street", "known": "planted-5", "password": "planted-5"},
		stepOf("login", "http://one/api;jsessionid=planted-6?sig=planted-7&amp;town=Odense",
			`<login><!-- password: planted-8 --><url>http://a:planted-9@h/?password=planted-10</url><c>${conn}</c><a>${auth}</a><p>${pw}</p><s>${street}</s><k n="password" v="planted-11"/></login>`,
			`<con:assertion type="XPath Match" name="x"><con:configuration><path>//a[secret='planted-12']/b</path><content>b</content></con:configuration></con:assertion>`)+
			transfer(`declare namespace p='urn:planted-5x'; //token[p:password='planted-13']`, "tok")+transfer("//x[.='is planted-5']", "two")+
			transfer(`declare namespace p='urn:plain'; //id[@kind='main']`, "id"))
	files := tree(t, written(t, must(convert.SoapUI(file, convert.Options{}))))
	for name, content := range files {
		if strings.Contains(content, "planted") {
			t.Errorf("a secret is in %s:\n%s", name, content)
		}
	}
	for name, want := range map[string]string{
		"s/c/01-login.request.xml": `<login><!-- password: ${PASSWORD_2} --><url>http://a:${PASSWORD_3}@h/?password=${PASSWORD_4}</url><c>${conn}</c><a>${auth}</a><p>${pw}</p><s>${street}</s><k n="password" v="${PASSWORD}"/></login>`,
		"s/c/01-login.http":        "POST /api;jsessionid=${JSESSIONID}?sig=${SIG}&town=Odense HTTP/1.1\n",
		"s/c/scenario.toml":        "[[capture]]\nstep = \"01\"\nxpath = \"declare namespace p='urn:plain'; //id[@kind='main']\"\nname = \"id\"\n",
		"scenario.toml":            "street = \"Bearer street\"\n",
		"CONVERSION.md":            "what step 01 gives for tok is not captured: its XPath holds a secret; give it with --set tok=…\n",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s is\n%s\nwithout %s", name, files[name], want)
		}
	}
}

func TestSoapUIStepsByNumber(t *testing.T) {
	steps := ""
	for i := range 10 {
		steps += stepOf(fmt.Sprint("s", i+1), "http://one/api", "<a/>", "")
	}
	steps += stepOf("last", "http://one/api", "<a>${s8#Response#//id}${s9#Response#//id}${s10#Response#//id}</a>", "")
	settings := tree(t, written(t, must(convert.SoapUI(projectFile(t, nil, steps), convert.Options{}))))["s/c/scenario.toml"]
	for _, number := range []string{"08", "09", "10"} {
		if !strings.Contains(settings, "[[capture]]\nstep = \""+number+"\"\nxpath = \"//id\"\n") {
			t.Errorf("nothing is captured of step %s:\n%s", number, settings)
		}
	}
}

func TestImportLimits(t *testing.T) {
	project := projectFile(t, nil, stepOf("a", "http://one/api", "<a/>", "")+stepOf("b", "http://one/api", "<a/>", ""))
	har := harFile(t, "1.2", entry("http://one/api", "text/xml", "<a/>", 200, "", "<ok/>"), entry("http://one/api", "text/xml", "<a/>", 200, "", "<ok/>"))
	soapui := func(o convert.Options) error { _, err := convert.SoapUI(project, o); return err }
	ofHAR := func(o convert.Options) error { _, err := convert.HAR(har, o); return err }
	for name, read := range map[string]func(convert.Options) error{"project.xml": soapui, "recorded.har": ofHAR} {
		if err := read(convert.Options{MaxEntries: 2}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for want, o := range map[string]convert.Options{"at most 1 are read; --max-entries sets that": {MaxEntries: 1}, "at most 100 are read; --max-file sets that": {MaxFile: 100}} {
			if err := read(o); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name+": it has") {
				t.Errorf("%s: %v; want %s", name, err, want)
			}
		}
	}
}
