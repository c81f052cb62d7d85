package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/workflow/contract"
)

const sharedTypes = `<types>
  <type name="USER">
    <value key="ID" type="s"/>
    <use type="PERSON" without="FAX"/>
  </type>
  <type name="PERSON" desc="a person">
    <value key="NAME" type="s" maxlen="10" desc="whole"/>
    <value key="FAX" type="s"/>
    <value key="BORN" type="d" mandatory="true"/>
    <value key="HOME" type="c" use="ADDRESS" desc="where"/>
  </type>
  <type name="ADDRESS">
    <value key="CITY" type="s"/>
    <value key="ZIP" type="s"/>
  </type>
</types>`

func types(t *testing.T, src string, under *contract.Types) *contract.Types {
	t.Helper()
	types, mistakes := contract.ParseTypes("types.xml", []byte(src), under)
	for _, m := range mistakes {
		t.Error(m)
	}
	return types
}

// soapcall is a contract with these values in its request, from line 2 on.
func soapcall(values string) []byte {
	return []byte("<soapcall><request><hookpointKey>X</hookpointKey><values>\n" + values + "\n</values></request></soapcall>")
}

// declared writes values as lines, without their places.
func declared(prefix string, vs []*contract.Value) string {
	var b strings.Builder
	for _, v := range vs {
		inside := v.Values
		bare := *v
		bare.Values, bare.Line, bare.Column = nil, 0, 0
		fmt.Fprintf(&b, "%s%+v\n%s", prefix, bare, declared(prefix+"  ", inside))
	}
	return b.String()
}

// TestUseIsWhatItStandsFor: a contract that uses types is the contract with everything
// spelled out.
func TestUseIsWhatItStandsFor(t *testing.T) {
	home := `<value key="HOME" type="c" desc="where"><values><value key="CITY" type="s"/><value key="ZIP" type="s"/></values></value>`
	for _, c := range []struct{ name, use, spelled string }{
		{"whole", `<value key="A" type="c" list="true" use="ADDRESS"/>`,
			`<value key="A" type="c" list="true"><values><value key="CITY" type="s"/><value key="ZIP" type="s"/></values></value>`},
		{"among others", `<value key="FIRST" type="l"/><use type="ADDRESS"/><value key="LAST" type="l"/>`,
			`<value key="FIRST" type="l"/><value key="CITY" type="s"/><value key="ZIP" type="s"/><value key="LAST" type="l"/>`},
		{"of types that use types", `<use type="USER"/>`,
			`<value key="ID" type="s"/><value key="NAME" type="s" maxlen="10" desc="whole"/><value key="BORN" type="d" mandatory="true"/>` + home},
		{"without", `<use type="PERSON" without="HOME
			BORN"/>`, `<value key="NAME" type="s" maxlen="10" desc="whole"/><value key="FAX" type="s"/>`},
		{"differing", `<use type="USER" without="HOME"><value key="BORN" type="s" mandatory=""/><value key="NAME" maxlen="20" secret="true"/></use>`,
			`<value key="ID" type="s"/><value key="NAME" type="s" maxlen="20" secret="true" desc="whole"/><value key="BORN" type="s"/>`},
		{"differing above what stays", `<use type="PERSON" without="NAME FAX BORN"><value key="HOME" list="true" desc=""/></use>`,
			strings.Replace(home, `desc="where"`, `list="true"`, 1)},
		{"differing below", `<use type="PERSON" without="NAME FAX BORN"><value key="HOME"><values><use type="ADDRESS" without="ZIP"/></values></value></use>`,
			strings.Replace(home, `<value key="ZIP" type="s"/>`, "", 1)},
		{"another type below", `<use type="PERSON" without="NAME FAX BORN"><value key="HOME" use="PERSON"/></use>`,
			`<value key="HOME" type="c" desc="where"><values><value key="NAME" type="s" maxlen="10" desc="whole"/><value key="FAX" type="s"/><value key="BORN" type="d" mandatory="true"/>` + home + `</values></value>`},
		{"no longer complex", `<use type="PERSON" without="NAME FAX BORN"><value key="HOME" type="s"/></use>`, `<value key="HOME" type="s" desc="where"/>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			used, mistakes := contract.Parse("x.xml", soapcall(c.use), types(t, sharedTypes, nil))
			for _, m := range mistakes {
				t.Error(m)
			}
			spelled, mistakes := contract.Parse("x.xml", soapcall(c.spelled), nil)
			for _, m := range mistakes {
				t.Error(m)
			}
			if diff := cmp.Diff(declared("", spelled.Request), declared("", used.Request)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestUsedValuesStandWhereTheyAreUsed: the place of a value is one of the contract's own
// file.
func TestUsedValuesStandWhereTheyAreUsed(t *testing.T) {
	c, mistakes := contract.Parse("x.xml", soapcall("<value key=\"A\" type=\"c\" use=\"PERSON\"/>\n <use type=\"USER\">\n  <value key=\"NAME\" desc=\"short\"/>\n </use>"), types(t, sharedTypes, nil))
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	var got []string
	var list func(prefix string, vs []*contract.Value)
	list = func(prefix string, vs []*contract.Value) {
		for _, v := range vs {
			got = append(got, fmt.Sprintf("%s%s %d:%d", prefix, v.Key, v.Line, v.Column))
			list(prefix+v.Key+"/", v.Values)
		}
	}
	list("", c.Request)
	want := []string{"A 2:1", "A/NAME 2:1", "A/FAX 2:1", "A/BORN 2:1", "A/HOME 2:1", "A/HOME/CITY 2:1", "A/HOME/ZIP 2:1",
		"ID 3:2", "NAME 4:3", "BORN 3:2", "HOME 3:2", "HOME/CITY 3:2", "HOME/ZIP 3:2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestTypesLieOverTypes: a name of both is the upper one's to contracts, while the lower
// types go on with their own.
func TestTypesLieOverTypes(t *testing.T) {
	site := types(t, `<types><type name="ADDRESS"><value key="PLANET" type="s"/></type></types>`, types(t, sharedTypes, nil))
	c, mistakes := contract.Parse("x.xml", soapcall(`<use type="ADDRESS"/><use type="PERSON" without="NAME FAX BORN"/>`), site)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if keys := strings.Join(contract.Keys(c.Request), " ") + " / " + strings.Join(contract.Keys(c.Request[1].Values), " "); keys != "PLANET HOME / CITY ZIP" {
		t.Error(keys)
	}
}

func TestUseFindsMistakes(t *testing.T) {
	deep := strings.Repeat(`<value key="A" type="c"><values>`, 7) + "%s" + strings.Repeat(`</values></value>`, 7)
	for _, c := range []struct{ name, values, want string }{
		{"unknown type", `<value key="A" type="c" use="ADRESS"/>`, "2:1: no type ADRESS (did you mean ADDRESS?)"},
		{"unknown type among others", "<value key=\"A\" type=\"s\"/>\n <use type=\"PERSONS\"/>", "3:2: no type PERSONS (did you mean PERSON?)"},
		{"no type", `<use/>`, "2:1: use has no type; write <use type=\"NAME\"/>"},
		{"use of a scalar", `<value key="A" type="s" use="ADDRESS"/>`, "2:1: key A uses a type but is not complex; write type=\"c\""},
		{"whole and values", `<value key="A" type="c" use="ADDRESS"><values/></value>`, "2:1: key A uses type ADDRESS whole and has values too; write <use type=\"ADDRESS\"/> among the values"},
		{"without what it has not", `<use type="ADDRESS" without="ZIPP"/>`, "2:1: type ADDRESS has no key \"ZIPP\" (did you mean ZIP?)"},
		{"differing what it has not", "<use type=\"ADDRESS\">\n  <value key=\"STREET\" type=\"s\"/></use>", "3:3: type ADDRESS has no key \"STREET\" (known: CITY, ZIP)"},
		{"differing without a key", "<use type=\"ADDRESS\">\n  <value desc=\"x\"/></use>", "3:3: type ADDRESS has no key \"\" (known: CITY, ZIP)"},
		{"differing twice", "<use type=\"ADDRESS\"><value key=\"ZIP\" desc=\"a\"/>\n<value key=\"ZIP\" desc=\"b\"/></use>", "3:1: key ZIP is written twice in a use of type ADDRESS"},
		{"differing what is left out", "<use type=\"ADDRESS\" without=\"ZIP\">\n<value key=\"ZIP\" desc=\"a\"/></use>", "3:1: key ZIP is left out by without"},
		{"declared already", "<value key=\"ZIP\" type=\"s\"/>\n<use type=\"ADDRESS\"/>", "3:1: key ZIP is declared twice, first in line 2; a key that repeats is declared once with list=\"true\""},
		{"wrong together", "<use type=\"PERSON\">\n<value key=\"BORN\" default=\"2000-01-01\"/></use>", "3:1: key BORN has a default, so it is never missing; remove mandatory"},
		{"unknown attribute", `<use type="ADDRESS" witout="ZIP"/>`, "2:1: use has no attribute witout (did you mean without?)"},
		{"too deep", fmt.Sprintf(deep, `<value key="B" type="c" use="PERSON"/>`), "2:225: key B: values nest deeper than 8"},
		{"too deep in the type", fmt.Sprintf(deep, `<use type="PERSON"/>`), "2:225: key HOME: values nest deeper than 8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, mistakes := contract.Parse("x.xml", soapcall(c.values), types(t, sharedTypes, nil))
			if len(mistakes) != 1 || mistakes[0].String() != "x.xml:"+c.want {
				t.Errorf("%v\nwant x.xml:%s", mistakes, c.want)
			}
		})
	}
	if _, mistakes := contract.Parse("x.xml", soapcall(`<use type="ADDRESS"/>`), nil); len(mistakes) != 1 || mistakes[0].Message != "no type ADDRESS" {
		t.Errorf("without types: %v", mistakes)
	}
}

func TestTypesFindMistakes(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"no XML", "types", "t.xml:1:6: the file has no element; it must hold a list of types"},
		{"a contract", "<soapcall/>", "t.xml:1:1: the root element is soapcall, it must be types"},
		{"two roots", "<types/>\n<types/>", "t.xml:2:1: second root element types; a file holds one list of types"},
		{"stray element", "<types>\n<value key=\"A\" type=\"s\"/></types>", "t.xml:2:1: value has no place in types (known: type)"},
		{"no name", "<types>\n<type><value key=\"A\" type=\"s\"/></type></types>", `t.xml:2:1: name="" of type is not a name of letters, digits, _, . and -`},
		{"twice", "<types>\n<type name=\"A\"><value key=\"A\" type=\"s\"/></type>\n<type name=\"A\"/></types>", "t.xml:3:1: type A is declared twice, first in line 2"},
		{"empty", "<types>\n<type name=\"A\"/></types>", "t.xml:2:1: type A has no values"},
		{"itself", "<types><type name=\"A\">\n<value key=\"A\" type=\"c\" use=\"A\"/></type></types>", "t.xml:2:1: type A is used by itself, here or by the types that it uses"},
		{"a circle", "<types><type name=\"A\"><value key=\"K\" type=\"s\"/><use type=\"B\"/></type>\n<type name=\"B\"><value key=\"L\" type=\"s\"/>\n<use type=\"A\"/></type></types>",
			"t.xml:3:1: type A is used by itself, here or by the types that it uses"},
		{"a value", "<types><type name=\"A\">\n<value key=\"A\" type=\"x\"/></type></types>", `t.xml:2:1: type="x" of key A is not one of c (complex), s (string), b (boolean), d (date), f (double), l (long)`},
		{"unknown attribute", "<types><type nam=\"A\" name=\"B\"><value key=\"A\" type=\"s\"/></type></types>", "t.xml:1:8: type has no attribute nam (did you mean name?)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, mistakes := contract.ParseTypes("t.xml", []byte(c.src), nil); len(mistakes) != 1 || mistakes[0].String() != c.want {
				t.Errorf("%v\nwant %s", mistakes, c.want)
			}
		})
	}
}
