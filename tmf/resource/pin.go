package resource

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"

	"rator/store"
	"rator/tmf/jsondoc"
)

// PINs keep the pin of a customerAccount, which clients write and, by the
// specification, read in clear (tmf-customer.md 1.2). A hash would not do for that,
// and would hide nothing: a PIN is found by trying. So it is encrypted, as
// security.md wants of what must be shown again, with a key that is not in the
// store: neither the store's file nor a backup of it tells a PIN, and with another
// key it reads as pinMask.
//
// A PIN is clear in answers to those who ask, and nowhere else: documents between
// here and there, kept answers, events, notifications and the filters and sorting
// of lists, so that nobody looks for an account by its PIN, have pinMask. Where
// Config.PINs is not set, answers have it too.
type PINs struct{ aead cipher.AEAD }

// PINKeyBytes is how long the key of PINs is.
const PINKeyBytes = 32

// NewPINs makes PINs with a key of PINKeyBytes random bytes.
func NewPINs(key []byte) (*PINs, error) {
	if len(key) != PINKeyBytes {
		return nil, errors.New("tmf: the key of PINs must have 32 bytes")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &PINs{aead}, err
}

const (
	pinMember = "pin"
	pinMask   = "****"
	sealedPIN = "sealed:" // begins a PIN that is kept
)

// seal is a PIN as it is kept. What nobody gave a key for is not kept.
func (p *PINs) seal(pin string) string {
	if p == nil {
		return pinMask
	}
	nonce := make([]byte, p.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	return sealedPIN + base64.RawStdEncoding.EncodeToString(p.aead.Seal(nonce, nonce, []byte(pin), []byte(pinMember)))
}

// open is a PIN as it was written; pinMask when it was sealed with another key.
func (p *PINs) open(kept string) string {
	if pin, opened := p.unseal(kept); opened {
		return pin
	}
	return pinMask
}

func (p *PINs) unseal(kept string) (pin string, opened bool) {
	text, found := strings.CutPrefix(kept, sealedPIN)
	b, err := base64.RawStdEncoding.DecodeString(text)
	if p == nil || !found || err != nil || len(b) < p.aead.NonceSize() {
		return "", false
	}
	nonce := b[:p.aead.NonceSize()]
	clear, err := p.aead.Open(nil, nonce, b[len(nonce):], []byte(pinMember))
	return string(clear), err == nil
}

// takePIN puts the PIN of a document that came in as it is kept: the one from
// before, when what was shown of it came back.
func (p *PINs) takePIN(before, shown, doc jsondoc.Value) jsondoc.Value {
	pin, found := doc.Get(pinMember)
	if !found || pin.Kind() != jsondoc.String {
		return doc
	}
	if was, had := shown.Get(pinMember); had && was.Identical(pin) {
		if kept, found := before.Get(pinMember); found {
			return doc.With(pinMember, kept)
		}
	}
	return doc.With(pinMember, jsondoc.Text(p.seal(pin.Text())))
}

// hidePIN is a document that hides its PIN.
func hidePIN(doc jsondoc.Value) jsondoc.Value {
	if _, found := doc.Get(pinMember); !found {
		return doc
	}
	return doc.With(pinMember, jsondoc.Text(pinMask))
}

// Kept counts the PINs that a store has, and those of them that p cannot read: they
// were sealed with another key, and answers mask them. A nil p reads none.
func (p *PINs) Kept(tx store.Tx) (all, closed int, err error) {
	for o, err := range Overlays.Scan(tx) {
		if err != nil {
			return all, closed, err
		}
		written, err := jsondoc.ReadKept(o.Written)
		if err != nil {
			return all, closed, err
		}
		if pin, found := written.Get(pinMember); found && strings.HasPrefix(pin.Text(), sealedPIN) {
			all++
			if _, opened := p.unseal(pin.Text()); !opened {
				closed++
			}
		}
	}
	return all, closed, nil
}
