package bulk

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pb33f/jsonschema/v6"
)

// compiled is the schema as a tool of others reads it.
func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("line.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("line.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(s *jsonschema.Schema, line string) error {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

func TestWhatIsWrittenIsOfTheSchema(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	if err := valid(s, string(Append(nil, filled(2), Options{PasswordHashes: true}))); err != nil {
		t.Error(err)
	}
}

// beyondShape are kinds of mistakes that no schema sees: what JSON readers pass over, and
// what the line or the catalogue as a whole says.
var beyondShape = []string{"a member that stands there twice", "a format that stands there twice", "a day that there is not", "what looks like the number of a card",
	"a name that nothing has", "two things of one name"}

// TestTheSchemaRefusesWhatReadRefuses goes through testdata/mistakes.txt.
func TestTheSchemaRefusesWhatReadRefuses(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	kept, err := os.ReadFile(filepath.Join("testdata", "mistakes.txt"))
	if err != nil {
		t.Fatal(err)
	}
	kind := ""
	for text := range strings.Lines(string(kept)) {
		text = strings.TrimSuffix(text, "\n")
		if name, ok := strings.CutPrefix(text, "# "); ok {
			kind = name
		}
		if text == "" || strings.HasPrefix(text, "# ") || strings.HasPrefix(text, "> ") {
			continue
		}
		text = strings.ReplaceAll(text, `\x01`, "\x01")
		_, mistakes := (Reader{}).Read([]byte(text))
		refused := valid(s, text) != nil
		switch beyond := contains(beyondShape, kind); {
		case len(mistakes) == 0 && refused:
			t.Errorf("%s: the schema refuses what Read takes: %v", kind, valid(s, text))
		case len(mistakes) > 0 && !refused && !beyond:
			t.Errorf("%s: Read says %v, the schema nothing", kind, mistakes)
		case refused && beyond:
			t.Errorf("%s: the schema refuses it, too: %v", kind, valid(s, text))
		}
	}
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}
