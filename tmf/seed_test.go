package tmf_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/tmf/jsondoc"
)

// TestSeedExamples: the examples of the specification are accepted as they
// stand, and answered with all they hold but id, href and lastModified, which
// the server gives.
func TestSeedExamples(t *testing.T) {
	for _, c := range []struct{ file, resource string }{
		{"customer", "customer"},
		{"customerAccount", "customerAccount"},
		{"paymentMean-bank", "paymentMean"},
		{"paymentMean-card", "paymentMean"},
	} {
		t.Run(c.file, func(t *testing.T) {
			b, err := os.ReadFile("../testdata/tmf/seed/" + c.file + ".json")
			if err != nil {
				t.Fatal(err)
			}
			s := newServer(t)
			path := v2014 + "/" + c.resource
			made := s.do(t, "POST", path, string(b))
			if made.status != 201 || made.header.Get("Location") != made.member(t, "href") {
				t.Fatalf("%d %s", made.status, made.body)
			}
			kept := s.memories["2014 "+c.resource].items[made.member(t, "id")].Document
			example, err := read(string(b))
			if err != nil {
				t.Fatal(err)
			}
			want := example.Without("id").Without("href").Without("lastModified").String()
			if diff := cmp.Diff(want, kept.String()); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
			want = withAnswered(t, made, want)
			if made.body != want {
				t.Errorf("answered\n%s\nwant\n%s", made.body, want)
			}
			if again := s.do(t, "GET", path+"/"+made.member(t, "id"), ""); again.body != made.body {
				t.Errorf("read back as\n%s\nwas\n%s", again.body, made.body)
			}
			// What was answered can be sent back, and changes nothing.
			put := s.do(t, "PUT", path+"/"+made.member(t, "id"), made.body)
			if put.body != made.body {
				t.Errorf("put back as\n%s\nwas\n%s", put.body, made.body)
			}
			if now := s.memories["2014 "+c.resource].items[made.member(t, "id")].Document; now.String() != kept.String() {
				t.Errorf("kept after that as\n%s\nwas\n%s", now, kept)
			}
		})
	}
}

// withAnswered is an example as it must be answered: with what the server gives
// in front, and the default of each contact medium that is not preferred.
func withAnswered(t *testing.T, made answer, example string) string {
	t.Helper()
	given := []jsondoc.Member{}
	for _, name := range []string{"id", "href", "lastModified"} {
		if v, found := made.value(t).Get(name); found {
			given = append(given, jsondoc.Member{Name: name, Value: v})
		}
	}
	front := jsondoc.ObjectOf(given...).String()
	whole := strings.TrimSuffix(front, "}") + "," + strings.TrimPrefix(example, "{")
	for _, kind := range []string{"Email", "PostalAddress", "TelephoneNumber"} {
		whole = strings.ReplaceAll(whole, `{"type":"`+kind+`"`, `{"preferred":false,"type":"`+kind+`"`)
	}
	return whole
}
