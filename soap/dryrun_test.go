package soap_test

import (
	"errors"
	"strings"
	"testing"

	"rator/soap"
	"rator/workflow/value"
)

// TestDryRunHeader: the block is read in both versions and whatever it holds; one for
// somebody else, and one of another name, is none.
func TestDryRunHeader(t *testing.T) {
	limits := soap.DefaultLimits()
	for _, version := range []soap.Version{soap.Version11, soap.Version12} {
		media, _ := soap.ParseMedia(version.ContentType())
		message := string(soap.AppendDryRun([]byte("before"), version, "X", value.Tree{value.OfString("A", "<S:Body>")}))
		message, ok := strings.CutPrefix(message, "before")
		m, err := soap.Decode(message, media, &limits)
		if !ok || err != nil || !m.DryRun || m.Hookpoint != "X" || m.Values.Text("A") != "<S:Body>" {
			t.Errorf("%+v, %v", m, err)
		}
		plain := string(soap.AppendRequest(nil, version, "X", nil))
		for header, want := range map[string]bool{
			``:                            false,
			`<DryRun xmlns="urn:rator"/>`: true,
			`<r:DryRun xmlns:r="urn:rator">false</r:DryRun>`:                                    true,
			`<DryRun xmlns="urn:other"/>`:                                                       false,
			`<Other xmlns="urn:rator"/>`:                                                        false,
			`<DryRun xmlns="urn:rator" S:actor="urn:somebody" S:role="urn:somebody">1</DryRun>`: false,
		} {
			m, err := soap.Decode(strings.Replace(plain, "<S:Body>", "<S:Header>"+header+"</S:Header><S:Body>", 1), media, &limits)
			if err != nil || m.DryRun != want {
				t.Errorf("%s: %v, %v", header, m.DryRun, err)
			}
		}
		var fault *soap.Fault
		_, err = soap.Decode(strings.Replace(plain, "<S:Body>", `<S:Header><Other xmlns="urn:rator" S:mustUnderstand="1"/></S:Header><S:Body>`, 1), media, &limits)
		if !errors.As(err, &fault) || fault.Code != soap.FaultMustUnderstand {
			t.Errorf("got %v", err)
		}
	}
}
