package catalogue

import (
	"regexp"
	"time"

	"golang.org/x/text/language"

	"rator/store"
)

// Brand is one of the operator's brands; everything sold and every customer
// belongs to exactly one. Its CatalogueID is BRAND_ID.
type Brand struct {
	Entry
	Key      string `key:"KEY"`      // BRAND_KEY
	Currency string `key:"CURRENCY"` // ISO 4217; of prices, and of products that name none
	Country  string `key:"COUNTRY"`  // ISO 3166-1 alpha-2
	Language string `key:"LANGUAGE"` // as CONTEXT.LANGUAGE, two capitals
	// TimeZone is the IANA name of the zone that the brand's days and dates without
	// one are in; "" = the server's. See Zone.
	TimeZone string `key:"TIME_ZONE" json:",omitempty"`
	zone     *time.Location
	// ForeignReservations says that another system reserves numbers too: a
	// RESERVATION_ID that is unknown here is then kept with the MSISDN it came
	// with, and not refused.
	ForeignReservations bool         `key:"FOREIGN_RESERVATIONS"`
	MSISDNFormat        MSISDNFormat `key:"MSISDN_FORMAT"`
	Limits
	MoneySettings
	RetentionDays int `key:"RETENTION_DAYS"` // 0 = DefaultRetentionDays; see Retention
}

// Brands are the brands kept.
var Brands = define[Brand]("brand", UnknownBrand)

func (b *Brand) brand() string { return b.Key }
func (b *Brand) code() string  { return "" }

// BrandByKey finds a brand by its BRAND_KEY, or fails with UNKNOWN_BRAND.
func BrandByKey(tx store.Tx, key string) (*Brand, error) {
	b, err := Brands.By(tx, byBrand, key)
	return inZone(tx, b, err)
}

// FirstBrand is the oldest brand that is not retired: the default of operators
// who may work for all. Without one it fails with UNKNOWN_BRAND.
func FirstBrand(tx store.Tx) (*Brand, error) {
	for b, err := range AllBrands(tx) {
		if err != nil || !b.Retired {
			return b, err
		}
	}
	return nil, UnknownBrand.With("the catalogue is empty; import one")
}

var (
	brandKey     = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,31}$`)
	languageCode = regexp.MustCompile(`^[A-Z]{2}$`)
)

func (b *Brand) check(c *checker, o *Offer) {
	c.named(&b.Entry)
	c.match(&b.Entry, "key", b.Key, brandKey, "2 to 32 capitals, digits and _")
	c.currency(&b.Entry, b.Currency)
	c.country(&b.Entry, b.Country)
	c.match(&b.Entry, "language", b.Language, languageCode, "two capitals, such as EN or DK")
	if b.source.has("msisdn_format") {
		c.oneOf(&b.Entry, "msisdn_format", string(b.MSISDNFormat), string(E164Digits), string(E164), string(National))
	}
	b.Limits.check(c, &b.Entry, b.Currency)
	b.checkMoney(c, o)
	b.checkRetention(c)
	b.checkZone(c)
}

// isCountry reports whether s is an ISO 3166-1 alpha-2 code in capitals, and no
// other name of one: UK is GB.
func isCountry(s string) bool {
	region, err := language.ParseRegion(s)
	return err == nil && len(s) == 2 && region.IsCountry() && region.Canonicalize().String() == s
}

// DefaultRetentionDays is five years: as long as the Nordic countries have the
// vouchers of bookkeeping kept.
const DefaultRetentionDays = 5 * 365

// maxRetentionDays is a hundred years.
const maxRetentionDays = 36525

// Retention is how many days personal data stay after nothing needs them any more.
func (b *Brand) Retention() int {
	if b.RetentionDays == 0 {
		return DefaultRetentionDays
	}
	return b.RetentionDays
}

func (b *Brand) checkRetention(c *checker) {
	if !b.source.has("retention_days") {
		return
	}
	if d, ok := number(b.source.fields["retention_days"]); !ok || !d.IsInteger() {
		return
	}
	if days := b.RetentionDays; days < 1 || days > maxRetentionDays {
		c.mistake(&b.Entry, "retention_days", "retention_days must be 1 to %d; leave it out for %d", maxRetentionDays, DefaultRetentionDays)
	}
}

// MSISDNFormat says how a brand's answers write phone numbers.
type MSISDNFormat string

// The formats; "" is E164Digits. A number that would read back as another in its
// brand, and a foreign one in National, is written as E164.
const (
	E164Digits MSISDNFormat = "e164digits" // 13035550123
	E164       MSISDNFormat = "e164"       // +13035550123
	National   MSISDNFormat = "national"   // 3035550123
)
