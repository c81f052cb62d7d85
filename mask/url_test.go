package mask_test

import (
	"testing"

	"rator/mask"
)

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{
		"http://127.0.0.1:8080/workflow-soap/InvokerService": "http://127.0.0.1:8080/workflow-soap/InvokerService",
		"http://bob:s3cret@h:1/x?token=t&town=Odense":        "http://bob:***@h:1/x?token=***&town=Odense",
		"http://bob@h/":                                 "http://bob@h/",
		"http://bob:@h/":                                "http://bob:@h/",
		"https://ghp0123456789abcdef@h/":                "https://***@h/",
		"http://bob:p/a?s#s@h/x":                        "http://bob:***@h/x",
		"http://bob:p@ss@h/x?mail=a@b":                  "http://bob:***@h/x?mail=a@b",
		"http://h:80/x?mail=a@b":                        "http://h:80/x?mail=a@b",
		"http://[::1]:80/x?mail=a@b":                    "http://[::1]:80/x?mail=a@b",
		"http://h/a;password=p/b;v=1?x=y":               "http://h/a;password=***/b;v=1?x=y",
		"http://h/a?pass%77ord=p;q&x=/?#access_token=t": "http://h/a?pass%77ord=***&x=/?#access_token=***",
		"http://h/a?sig=abc&key=USER&b=1":               "http://h/a?sig=***&key=USER&b=1",
		"http://h/a?key=AIza0123456789-abcdef":          "http://h/a?key=***",
		"http://h/?to=http://a:b@i/?pin=1&x=1":          "http://h/?to=http://a:***@i/?pin=***&x=1",
		"http://h/?token=http://a:b@i/&x=1":             "http://h/?token=***&x=1",
		"jdbc:sqlserver://h;user=sa;password=p":         "jdbc:sqlserver://h;user=sa;password=***",
		"ftp:bob@h?token=t":                             "ftp:bob@h?token=***",
		"://":                                           "://", "": "",
	} {
		got := mask.Address(in)
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", in, got, want)
		}
		if again := mask.Address(got); again != got {
			t.Errorf("%s becomes %s", got, again)
		}
	}
}
