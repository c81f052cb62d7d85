package mask_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/mask"
)

// What looks like a secret is hidden whatever it is called, and what only sounds like one
// stays.
func TestASecretIsSeenByItsShape(t *testing.T) {
	m := mask.New(nil, mask.Options{})
	for in, want := range map[string]string{
		// URLs, in every kind of text
		`<url>http://a:s3cret@h/?password=s3cret&amp;town=Odense</url>`:       `<url>http://a:***@h/?password=***&amp;town=Odense</url>`,
		`<url>http://a:s&amp;x@h/</url>`:                                      `<url>http://a:***@h/</url>`,
		`<url><![CDATA[see http://a:s3cret@h/?a=1&pwd=s3cret ]]></url>`:       `<url><![CDATA[see http://a:***@h/?a=1&pwd=*** ]]></url>`,
		`<a href="ftp://a:s3cret@h/" to='h'/>`:                                `<a href="ftp://a:***@h/" to='h'/>`,
		`<a><b>ok</b> http://h/a;jsessionid=s3cret?x=1 and http://u:s3@h</a>`: `<a><b>ok</b> http://h/a;jsessionid=***?x=1 and http://u:***@h</a>`,
		`{"u":"http:\/\/a:s3cret@h\/?sig=s3cret","v":"http://h/"}`:            `{"u":"http://a:***@h/?sig=***","v":"http://h/"}`,
		`plain: http://a:s3cret@h/ and more`:                                  `plain: http://a:***@h/ and more`,
		`<a>http://a:s3cret@h/ paid by 4111111111111111</a>`:                  `<a>http://a:***@h/ paid by ***</a>`,
		// what follows a scheme
		`<auth> Bearer s3cret-Zebra9 </auth>`: `<auth> Bearer *** </auth>`,
		`<auth>bearer s3cret99</auth>`:        `<auth>bearer ***</auth>`,
		`<a auth="Basic ZGVtbzpkZW1v"/>`:      `<a auth="Basic ***"/>`,
		`<auth><![CDATA[Basic YTpi]]></auth>`: `<auth><![CDATA[Basic ***]]></auth>`,
		`{"auth":"Bearer eyJhbGciOi.J9.x-_"}`: `{"auth":"Bearer ***"}`,
		// a token of an operator, wherever it stands
		`{"description":"use rator_abcdefghijklmnopqrstuvwxyz0123456789ABCDE-_ now"}`:       `{"description":"use *** now"}`,
		`<a>rator_abcdefghijklmnopqrstuvwxyz0123456789ABCDE-_</a>`:                          `<a>***</a>`,
		`{"u":"http://h/rator_abcdefghijklmnopqrstuvwxyz0123456789ABCDE-_/x?token=s3&a=b"}`: `{"u":"http://h/***/x?token=***&a=b"}`,
		`{"u":"http://h/?token=rator_abcdefghijklmnopqrstuvwxyz0123456789ABCDE-_"}`:         `{"u":"http://h/?token=***"}`,
		`<a>rator_is_no_token</a>`: `<a>rator_is_no_token</a>`,
		// names with hyphens
		`{"api-key":"s3","x-api-key":"s3","bearer":"s3"}`:           `{"api-key":"***","x-api-key":"***","bearer":"***"}`,
		`{"u":"http://h/?api-key=s3&X-Amz-Signature=s3&bearer=s3"}`: `{"u":"http://h/?api-key=***&X-Amz-Signature=***&bearer=***"}`,
		// names
		`<pw>s3</pw>`: `<pw>***</pw>`, `<userpass>s3</userpass>`: `<userpass>***</userpass>`, `<Kennwort>s3</Kennwort>`: `<Kennwort>***</Kennwort>`,
		`<sessionId>s3</sessionId>`: `<sessionId>***</sessionId>`, `<neuesPasswort>s3</neuesPasswort>`: `<neuesPasswort>***</neuesPasswort>`,
		`<p n="password" v="s3"/>`: `<p n="password" v="***"/>`, `<p name="password" v="s3"/>`: `<p name="password" v="***"/>`,
		// comments
		"<!-- password: s3 s4\r\ntown: Odense --><a/>":      "<!-- password: ***\r\ntown: Odense --><a/>",
		"<!--user=bo token = s3--><a/>":                     "<!--user=bo token = ***--><a/>",
		"<!-- Bearer s3cret-Zebra9\n http://a:b@h/ --><a/>": "<!-- Bearer ***\n http://a:***@h/ --><a/>",
		"<!-- the pin is asked for, then: go on --><a/>":    "<!-- the pin is asked for, then: go on --><a/>",
		// ordinary data
		`<street>Bearer street</street>`: "", `<street>Basic Street 12</street>`: "", `<plan>Basic 5GB</plan>`: "", `<plan>Basic package 50</plan>`: "", `<a>Basic</a>`: "",
		`<key>USER</key>`: "", `<mail>bo@example.org</mail>`: "", `<a>http://h/x?mail=bo@example.org&amp;key=USER</a>`: "", `<a>12://</a>`: "", `<a>://</a>`: "",
		`<x n="3" v="s"/>`: "", `<session>open</session>`: "", `<SUBSCRIPTION_KEY>1</SUBSCRIPTION_KEY>`: "", `<sig>x</sig>`: "", `<a>bearer s3cret99 and more</a>`: "",
		`<a>a:b@c</a>`: "", `<a>http://bo@h/?tokens_left=</a>`: "", `<a xmlns:b="http://u:p@h/"/>`: "",
	} {
		if want == "" {
			want = in
		}
		got := string(m.Message("text/xml", []byte(in)))
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", in, got, want)
		}
		if again := string(m.Message("text/xml", []byte(got))); again != got {
			t.Errorf("%s becomes %s", got, again)
		}
	}
}

func TestASecretOfAHeaderIsSeenByItsShape(t *testing.T) {
	m := mask.New(nil, mask.Options{})
	h := http.Header{
		"Referer": {"http://a:s3cret@h/?password=s3cret"}, "Soapaction": {`"x?password=s3cret"`}, "X-Custom": {"bearer s3cret99"}, "X-Session": {"s3"},
		"Ocp-Apim-Subscription-Key": {"s3"}, "Session-Id": {"s3"}, "Content-Type": {`text/xml; charset="utf-8"`}, "X-Plan": {"Basic package"},
	}
	want := http.Header{
		"Referer": {"http://a:***@h/?password=***"}, "Soapaction": {`"x?password=***"`}, "X-Custom": {"bearer ***"}, "X-Session": {"***"},
		"Ocp-Apim-Subscription-Key": {"***"}, "Session-Id": {"***"}, "Content-Type": {`text/xml; charset="utf-8"`}, "X-Plan": {"Basic package"},
	}
	if diff := cmp.Diff(want, m.Header(h)); diff != "" {
		t.Error(diff)
	}
}

func TestTarget(t *testing.T) {
	m := mask.New(nil, mask.Options{Keep: []string{"pin"}, Text: func(key string) string { return "x" + key }})
	for in, want := range map[string]string{
		"/svc;jsessionid=s3;v=1?sig=s3&pw=s3&key=USER&pin=4&town=Odense": "/svc;jsessionid=xjsessionid;v=1?sig=xsig&pw=xpw&key=USER&pin=4&town=Odense",
		"/svc?subscription-key=s3&key=AIza0123456789-abc":                "/svc?subscription-key=xsubscription-key&key=xkey",
		"/svc?to=http%3A%2F%2Fa%3As3%40h%2F":                             "/svc?to=http%3A%2F%2Fa%3AxPASSWORD%40h%2F",
		"/svc?n=4111111111111111":                                        "/svc?n=xCARD_NUMBER",
		"/svc":                                                           "/svc", "": "",
	} {
		if got := m.Target(in); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", in, got, want)
		}
	}
}
