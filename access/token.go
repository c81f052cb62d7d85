package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rator/failure"
	"rator/store"
)

// Token stands for an operator in calls that bring it instead of name and
// password (HTTP Bearer, RFC 6750): with the brands and rights that the operator
// has at that moment, and for as long as it is enabled. It is drawn, never chosen,
// so that what is kept of it can be a plain hash: nobody finds 256 random bits by
// trying.
type Token struct {
	store.Base
	Operator string // name
	Hash     string // SHA-256 of the token's text, in hex. Not handed out of this room.
	Label    string // what it is for, at most 64 bytes; may be ""
	Created  time.Time
	Expires  time.Time `json:",omitzero"` // UTC; from then on it counts no more. Zero = never
}

const (
	byTokenHash     = "hash"
	byTokenOperator = "operator"
)

var tokens = store.Define("operator_token", UnknownToken,
	func(t *Token) *store.Base { return &t.Base },
	store.Index[Token]{Name: byTokenHash, Value: func(t *Token) string { return t.Hash }, Taken: failure.TryAgain},
	store.Index[Token]{Name: byTokenOperator, Value: func(t *Token) string { return t.Operator }}).Stable().Audited("Hash")

const (
	// tokenPrefix begins every token, so that people and scanners of leaked
	// secrets recognise one.
	tokenPrefix = "rator_"
	tokenBytes  = 32
)

// DrawToken gives the text of a new token: rator_ and 43 letters, digits, - and _.
func DrawToken() string {
	var b [tokenBytes]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(b[:])
}

// NewToken is what AddToken makes a token from.
type NewToken struct {
	Operator string    // name
	Text     string    // of DrawToken
	Label    string    // printable, at most 64 bytes
	Expires  time.Time // zero = never
}

// AddToken keeps a token of an operator. It fails with UnknownOperator,
// BadTokenLabel or BadTokenExpiry. The result is without the hash.
func AddToken(tx store.Tx, by Administrator, n NewToken) (*Token, error) {
	o, err := find(tx, n.Operator)
	switch {
	case err != nil:
		return nil, err
	case !isTokenText(n.Text):
		return nil, fmt.Errorf("access: what is to be a token of operator %s was not made by DrawToken", o.Name)
	case n.Label != tame(n.Label) || len(n.Label) > longestLabel:
		return nil, BadTokenLabel.With("%.80q; take at most %d bytes without control characters", n.Label, longestLabel)
	case !n.Expires.IsZero() && !n.Expires.After(tx.Now()):
		return nil, BadTokenExpiry.With("%s is over; name a time to come", n.Expires.UTC().Format(time.RFC3339))
	}
	t := &Token{Operator: o.Name, Hash: tokenHash(n.Text), Label: n.Label, Created: tx.Now(), Expires: n.Expires.UTC()}
	noted := NewChanges(tx, "")
	if err := tokens.Insert(noted, t); err != nil {
		return nil, err
	}
	note := "token " + t.ID.String() + ", never expires"
	if !t.Expires.IsZero() {
		note = "token " + t.ID.String() + ", expires " + t.Expires.Format(time.RFC3339)
	}
	return t.public(), by.record(noted, "operator token add", o, note)
}

const longestLabel = 64

// RevokeToken forgets a token: it counts no more from then on. It fails with
// UnknownToken.
func RevokeToken(tx store.Tx, by Administrator, id store.ID) error {
	t, err := tokens.Get(tx, id)
	if err != nil {
		return err
	}
	o, err := find(tx, t.Operator)
	if err != nil {
		return err
	}
	noted := NewChanges(tx, "")
	if err := tokens.Delete(noted, t); err != nil {
		return err
	}
	return by.record(noted, "operator token revoke", o, "token "+id.String())
}

// Tokens lists the tokens of an operator, those of every operator for "", by
// operator and age; without their hashes. It fails with UnknownOperator.
func Tokens(tx store.Tx, operator string) ([]*Token, error) {
	kept := tokens.Scan(tx)
	if operator != "" {
		if _, err := find(tx, operator); err != nil {
			return nil, err
		}
		kept = tokens.All(tx, byTokenOperator, operator)
	}
	var all []*Token
	for t, err := range kept {
		if err != nil {
			return nil, err
		}
		all = append(all, t.public())
	}
	slices.SortStableFunc(all, func(a, b *Token) int { return strings.Compare(a.Operator, b.Operator) })
	return all, nil
}

// Expired reports whether the token counts no more at now.
func (t *Token) Expired(now time.Time) bool { return !t.Expires.IsZero() && !now.Before(t.Expires) }

// byToken recognises who calls by a token's text. Every refusal is
// failure.NotAuthenticated, whatever was wrong. A trusted network does not help a
// token that does not count: without it nobody is named. Nothing is held back here,
// unlike with passwords: there is nothing to guess.
func (g *Guard) byToken(ctx context.Context, st store.Store, text string) (*Operator, error) {
	if text == "" {
		return nil, notAuthenticated(noToken, "")
	}
	if !isTokenText(text) {
		return nil, notAuthenticated(wrongToken, "")
	}
	var o *Operator
	hash := tokenHash(text)
	err := st.Look(ctx, func(tx store.Tx) error {
		o = nil
		t, err := tokens.By(tx, byTokenHash, hash)
		switch {
		case failure.CodeOf(err) == UnknownToken:
			return notAuthenticated(wrongToken, "")
		case err != nil:
			return err
		case subtle.ConstantTimeCompare([]byte(t.Hash), []byte(hash)) != 1:
			return notAuthenticated(wrongToken, "")
		}
		kept, err := g.known(tx, t.Operator)
		if err != nil {
			return err
		}
		if kept == nil || !kept.Enabled || t.Expired(tx.Now()) {
			return &tokenOf{notAuthenticated(wrongToken, ""), t.Operator}
		}
		o = kept.public()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return o, nil
}

// tokenOf is the refusal of a token that is an operator's.
type tokenOf struct {
	error
	operator string
}

func (t *tokenOf) Unwrap() error { return t.error }

// Named is the operator that refused credentials named: the one whose token it is,
// which err, what Authenticate refused them with, tells where that is known; "" for
// none.
func (c Credentials) Named(err error) string {
	var token *tokenOf
	switch {
	case errors.As(err, &token):
		return token.operator
	case c.Bearer:
		return ""
	}
	return Shown(c.Operator)
}

// Shown is what may be written down of a name that a caller gives as an operator's:
// some tools have one field alone, and people put a token into it.
func Shown(name string) string {
	if strings.HasPrefix(name, tokenPrefix) && len(name) > 32 {
		return "(a token)"
	}
	return name
}

// isTokenText reports whether a text has the form of a token. What has not is
// never looked up, however long it is.
func isTokenText(text string) bool {
	secret, found := strings.CutPrefix(text, tokenPrefix)
	b, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	return found && err == nil && len(b) == tokenBytes
}

func tokenHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// public takes the hash away from a token that leaves the room.
func (t *Token) public() *Token {
	t.Hash = ""
	return t
}

// Verify reports tokens that cannot be anybody's.
func Verify(tx store.Tx, report func(error)) {
	for t, err := range tokens.Scan(tx) {
		if err != nil {
			report(err)
			return
		}
		if _, err := find(tx, t.Operator); err != nil {
			report(fmt.Errorf("operator token %s: %w", t.ID, err))
		}
		if b, err := hex.DecodeString(t.Hash); err != nil || len(b) != sha256.Size {
			report(fmt.Errorf("operator token %s has no hash", t.ID))
		}
	}
}
