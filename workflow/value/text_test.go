package value

import "testing"

func TestCheckText(t *testing.T) {
	for text, good := range map[string]bool{
		"": true, "Åse\t\r\n": true, "\U0001F600": true, "\ufffd": true,
		"\xd8re": false, "a\x01": false, "\x00": false, "\x1f": false, "\ufffe": false, "\uffff": false, "\xed\xa0\x80": false,
	} {
		if err := CheckText(text); (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
	}
}
