package value_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/workflow/value"
)

func TestParseAssignments(t *testing.T) {
	got, err := value.ParseAssignments(strings.Fields("A=1 B.C=x B.D= L=1 L=2 S.C[1].N=a S.C[2].N=b S.C[2].M=c E=a=b T[1]=x T[2]=y"))
	if err != nil {
		t.Fatal(err)
	}
	want := value.Tree{
		value.OfString("A", "1"),
		value.Of("B", value.OfString("C", "x"), value.OfString("D", "")),
		value.OfString("L", "1"), value.OfString("L", "2"),
		value.Of("S",
			value.Of("C", value.OfString("N", "a")),
			value.Of("C", value.OfString("N", "b"), value.OfString("M", "c"))),
		value.OfString("E", "a=b"),
		value.OfString("T", "x"), value.OfString("T", "y"),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, bad := range []string{"A", "=x", "A.=x", "A[0].B=1", "A[x].B=1", "A[3].B=1", "A[2]=x", "A;B=1", "A B=1", "A\tB=1"} {
		if tree, err := value.ParseAssignments([]string{bad}); err == nil {
			t.Errorf("%s was read as %v", bad, tree)
		}
	}
	if _, err := value.ParseAssignments([]string{"A=1", "A.B=2"}); err == nil {
		t.Error("A is plain and complex")
	}
}
