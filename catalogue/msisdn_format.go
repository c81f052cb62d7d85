package catalogue

// MSISDNFormat says how a brand's answers write phone numbers.
type MSISDNFormat string

// The formats; "" is E164Digits. A number that would read back as another in its
// brand, and a foreign one in National, is written as E164.
const (
	E164Digits MSISDNFormat = "e164digits" // 13035550123
	E164       MSISDNFormat = "e164"       // +13035550123
	National   MSISDNFormat = "national"   // 3035550123
)
