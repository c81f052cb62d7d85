package catalogue

import (
	"regexp"

	"rator/failure"
	"rator/store"
)

// Handset is a device that can be ordered (rator-api.md 3.3). Clients name it by
// its article number. It has no price here: whoever orders it charges for it
// apart (3.4).
type Handset struct {
	Entry
	Article     string `key:"ARTICLE"` // article number
	Description string `key:"DESCRIPTION"`
}

// UnknownHandset is answered for an article number that the brand does not have.
var UnknownHandset = failure.Declare(149, "UNKNOWN_HANDSET", failure.NotFound, failure.Text{
	"EN": "unknown handset", "DK": "ukendt telefon", "SE": "okänd telefon",
	"NO": "ukjent telefon", "FR": "téléphone inconnu", "DE": "unbekanntes Telefon"})

// handsets are the handsets kept.
var handsets = define[Handset]("handset", UnknownHandset)

func (h *Handset) code() string { return h.Article }

// HandsetByArticle finds a handset of a brand by its article number, retired ones
// too, or fails with UNKNOWN_HANDSET.
func HandsetByArticle(tx store.Tx, brand *Brand, article string) (*Handset, error) {
	return findByCode(tx, handsets, brand, article)
}

var articleNumber = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,59}$`)

func (h *Handset) check(c *checker, _ *Offer) {
	c.named(&h.Entry)
	c.match(&h.Entry, "article", h.Article, articleNumber, "at most 60 letters, digits and . _ / -")
}
