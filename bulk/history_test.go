package bulk

import "testing"

// TestHistoryIsLeftAside: what an export of one customer says of its past is no part of it.
func TestHistoryIsLeftAside(t *testing.T) {
	t.Parallel()
	line := `{"format":"rator-customer/1","history":[{"kind":"event","data":{"a":[1,{}]}}],"account":{"account_type":"0"},"users":[{"first_name":"Bo"}]}`
	if c, mistakes := (Reader{}).Read([]byte(line)); len(mistakes) > 0 || len(c.Users) != 1 {
		t.Errorf("%v %v", mistakes, c)
	}
	inner := `{"format":"rator-customer/1","account":{"account_type":"0","history":[]},"users":[{"first_name":"Bo"}]}`
	if _, mistakes := (Reader{}).Read([]byte(inner)); len(mistakes) != 1 {
		t.Errorf("it is left aside where it is none of a line's: %v", mistakes)
	}
}
