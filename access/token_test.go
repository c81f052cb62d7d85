package access_test

import (
	"bytes"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rator/access"
	"rator/failure"
	"rator/store"
)

// addToken gives an operator a token.
func addToken(t *testing.T, st store.Store, operator string, expires time.Time) (k *access.Token, text string) {
	t.Helper()
	text = access.DrawToken()
	update(t, st, func(tx store.Tx) (err error) {
		k, err = access.AddToken(tx, local, access.NewToken{Operator: operator, Text: text, Label: "CRM", Expires: expires})
		return err
	})
	return k, text
}

func TestTokensAreDrawn(t *testing.T) {
	form := regexp.MustCompile(`^rator_[A-Za-z0-9_-]{43}$`)
	a, b := access.DrawToken(), access.DrawToken()
	if a == b || !form.MatchString(a) || !form.MatchString(b) {
		t.Errorf("%s and %s", a, b)
	}
}

func TestAuthenticateToken(t *testing.T) {
	g := newGuarded(t, shop, access.NewOperator{Name: "gone", Brands: []string{"DEMO"}})
	_, good := addToken(t, g.st, "shop", time.Time{})
	_, short := addToken(t, g.st, "shop", noon.Add(time.Microsecond))
	_, gone := addToken(t, g.st, "gone", time.Time{})
	revoked, former := addToken(t, g.st, "shop", time.Time{})
	update(t, g.st, func(tx store.Tx) error {
		if err := access.Disable(tx, local, "gone"); err != nil {
			return err
		}
		return access.RevokeToken(tx, local, revoked.ID)
	})
	ask := func(text string) (*access.Operator, string, error) {
		c := access.Credentials{Token: text, Bearer: true}
		o, err := g.ask(c, office)
		if err == nil {
			return o, o.Name, nil
		}
		return nil, c.Named(err), err
	}
	for _, c := range []struct {
		what, text, named string
		in                bool
	}{
		{"good", good, "shop", true},
		{"not expired yet", short, "shop", true},
		{"of a disabled operator", gone, "gone", false},
		{"revoked", former, "", false},
		{"of nobody", access.DrawToken(), "", false},
		{"without its prefix", strings.TrimPrefix(good, "rator_"), "", false},
		{"cut", good[:len(good)-1], "", false},
		{"of another case", strings.ToUpper(good), "", false},
		{"nothing", "", "", false},
		{"as long as a request", "rator_" + strings.Repeat("A", 70_000), "", false},
	} {
		o, named, err := ask(c.text)
		if named != c.named || (err == nil) != c.in {
			t.Errorf("%s: named %q, %v", c.what, named, err)
		}
		if err != nil {
			wantCode(t, err, failure.NotAuthenticated)
		} else if o.PasswordHash != "" {
			t.Errorf("%s: the password's hash is handed out", c.what)
		} else if diff := cmp.Diff(operator(t, g.st, "shop"), o, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
	}
	if len(g.slept) != 0 || len(g.hashes) != 0 {
		t.Errorf("tokens are no passwords: slept %v, compared %q", g.slept, g.hashes)
	}
}

// TestTokensExpire at their moment, and not before.
func TestTokensExpire(t *testing.T) {
	end := noon.Add(time.Hour)
	for at, want := range map[time.Time]bool{end.Add(-1): false, end: true, end.Add(1): true} {
		if got := (&access.Token{Expires: end}).Expired(at); got != want {
			t.Errorf("at %s: %v", at, got)
		}
	}
	if (&access.Token{}).Expired(noon.AddDate(900, 0, 0)) {
		t.Error("without an end it ends")
	}
}

// TestOnlyATokensHashIsKept, and it is handed out to nobody.
func TestOnlyATokensHashIsKept(t *testing.T) {
	st := openStore(t)
	add(t, st, shop)
	made, text := addToken(t, st, "shop", noon.Add(time.Hour))
	view(t, st, func(tx store.Tx) error {
		for _, kind := range store.Infos() {
			records, err := tx.Scan(kind.Name, 0, 100)
			if err != nil {
				return err
			}
			for _, r := range records {
				if bytes.Contains(r.Doc, []byte(text)) || bytes.Contains(r.Doc, []byte(text[6:])) {
					t.Errorf("%s %s has the token", kind.Name, r.ID)
				}
			}
		}
		listed, err := access.Tokens(tx, "shop")
		if err != nil {
			return err
		}
		want := []*access.Token{{Base: made.Base, Operator: "shop", Label: "CRM", Created: noon, Expires: noon.Add(time.Hour)}}
		if diff := cmp.Diff(want, listed); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(want[0], made); diff != "" {
			t.Error(diff)
		}
		return nil
	})
}

func TestTokensAreAudited(t *testing.T) {
	st := openStore(t)
	add(t, st, shop)
	o := operator(t, st, "shop")
	never, _ := addToken(t, st, "shop", time.Time{})
	once, _ := addToken(t, st, "shop", noon.Add(time.Hour))
	update(t, st, func(tx store.Tx) error { return access.RevokeToken(tx, local, once.ID) })
	var got []string
	for _, row := range rowsOf(t, st, access.Local)[1:] {
		if row.Outcome != access.OutcomeOK || !cmp.Equal(row.Objects, []store.ID{o.ID}) {
			t.Errorf("%+v", row)
		}
		got = append(got, row.Hookpoint+": "+strings.Join(row.Notes, ", "))
	}
	want := []string{
		"operator token add: shop, token " + never.ID.String() + ", never expires",
		"operator token add: shop, token " + once.ID.String() + ", expires 2026-03-04T13:00:00Z",
		"operator token revoke: shop, token " + once.ID.String(),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTokensRefused(t *testing.T) {
	st := openStore(t)
	add(t, st, shop)
	for _, c := range []struct {
		what string
		n    access.NewToken
		want *failure.Code
	}{
		{"unknown operator", access.NewToken{Operator: "shpo", Text: access.DrawToken()}, access.UnknownOperator},
		{"label too long", access.NewToken{Operator: "shop", Text: access.DrawToken(), Label: strings.Repeat("x", 65)}, access.BadTokenLabel},
		{"label with a line", access.NewToken{Operator: "shop", Text: access.DrawToken(), Label: "a\nb"}, access.BadTokenLabel},
		{"over", access.NewToken{Operator: "shop", Text: access.DrawToken(), Expires: noon}, access.BadTokenExpiry},
		{"chosen", access.NewToken{Operator: "shop", Text: "rator_secret"}, nil},
	} {
		err := tryUpdate(st, func(tx store.Tx) error {
			_, err := access.AddToken(tx, local, c.n)
			return err
		})
		if err == nil || failure.CodeOf(err) != c.want {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	wantCode(t, tryUpdate(st, func(tx store.Tx) error { return access.RevokeToken(tx, local, 7) }), access.UnknownToken)
	view(t, st, func(tx store.Tx) error {
		_, err := access.Tokens(tx, "shpo")
		wantCode(t, err, access.UnknownOperator)
		return nil
	})
	if n := len(rowsOf(t, st, access.Local)); n != 1 {
		t.Errorf("%d audit rows, want 1", n)
	}
}

// TestVerifyFindsStrayTokens: those of nobody, and those that nothing fits.
func TestVerifyFindsStrayTokens(t *testing.T) {
	st := openStore(t)
	add(t, st, shop)
	addToken(t, st, "shop", time.Time{})
	faults := func() (n int) {
		view(t, st, func(tx store.Tx) error {
			access.Verify(tx, func(error) { n++ })
			return nil
		})
		return n
	}
	if n := faults(); n != 0 {
		t.Errorf("%d faults in a store without any", n)
	}
	update(t, st, func(tx store.Tx) error {
		id, err := tx.NextID()
		if err != nil {
			return err
		}
		return tx.Insert("operator_token", store.Record{ID: id, Doc: []byte(`{"Operator":"gone","Hash":"0"}`), Keys: []store.Key{
			{Index: "hash", Value: "0", Unique: true}, {Index: "operator", Value: "gone"}}})
	})
	if n := faults(); n != 2 {
		t.Errorf("%d faults, want 2", n)
	}
}
