package catalogue

import "rator/failure"

// What looking up, selling and importing can fail with: 110 to 149.
var (
	UnknownBrand = failure.Declare(110, "UNKNOWN_BRAND", failure.NotFound, failure.Text{
		"EN": "unknown brand", "DK": "ukendt brand", "SE": "okänt varumärke",
		"NO": "ukjent merkevare", "FR": "marque inconnue", "DE": "unbekannte Marke"})
	UnknownProductCode = failure.Declare(111, "UNKNOWN_PRODUCT_CODE", failure.NotFound, failure.Text{
		"EN": "unknown product code", "DK": "ukendt produktkode", "SE": "okänd produktkod",
		"NO": "ukjent produktkode", "FR": "code produit inconnu", "DE": "unbekannter Produktcode"})
	UnknownRatePlan = failure.Declare(112, "UNKNOWN_RATE_PLAN", failure.NotFound, failure.Text{
		"EN": "unknown rate plan", "DK": "ukendt takstplan", "SE": "okänd prisplan",
		"NO": "ukjent prisplan", "FR": "plan tarifaire inconnu", "DE": "unbekannter Tarifplan"})
	UnknownProductOption = failure.Declare(113, "UNKNOWN_PRODUCT_OPTION", failure.NotFound, failure.Text{
		"EN": "unknown product option", "DK": "ukendt produkttilvalg", "SE": "okänt produkttillval",
		"NO": "ukjent produkttilvalg", "FR": "option de produit inconnue", "DE": "unbekannte Produktoption"})
	UnknownChargeItem = failure.Declare(114, "UNKNOWN_CHARGE_ITEM", failure.NotFound, failure.Text{
		"EN": "unknown charge item", "DK": "ukendt gebyrpost", "SE": "okänd debiteringspost",
		"NO": "ukjent gebyrpost", "FR": "poste de facturation inconnu", "DE": "unbekannter Gebührenposten"})
	UnknownNumberSeries = failure.Declare(115, "UNKNOWN_NUMBER_SERIES", failure.NotFound, failure.Text{
		"EN": "unknown number series", "DK": "ukendt nummerserie", "SE": "okänd nummerserie",
		"NO": "ukjent nummerserie", "FR": "série de numéros inconnue", "DE": "unbekannter Rufnummernblock"})
	OptionsExcludeEachOther = failure.Declare(116, "OPTIONS_EXCLUDE_EACH_OTHER", failure.Conflict, failure.Text{
		"EN": "these product options exclude each other", "DK": "disse produkttilvalg udelukker hinanden", "SE": "dessa produkttillval utesluter varandra",
		"NO": "disse produkttilvalgene utelukker hverandre", "FR": "ces options de produit s'excluent mutuellement", "DE": "diese Produktoptionen schließen einander aus"})
	NoFreeNumber = failure.Declare(117, "NO_FREE_NUMBER", failure.Conflict, failure.Text{
		"EN": "the number series is used up", "DK": "nummerserien er opbrugt", "SE": "nummerserien är slut",
		"NO": "nummerserien er brukt opp", "FR": "la série de numéros est épuisée", "DE": "der Rufnummernblock ist aufgebraucht"})
	NoLongerSold = failure.Declare(118, "NO_LONGER_SOLD", failure.Conflict, failure.Text{
		"EN": "no longer sold", "DK": "sælges ikke længere", "SE": "säljs inte längre",
		"NO": "selges ikke lenger", "FR": "n'est plus en vente", "DE": "wird nicht mehr verkauft"})
	IDTaken = failure.Declare(119, "CATALOGUE_ID_TAKEN", failure.Conflict, failure.Text{
		"EN": "this catalogue id belongs to another object", "DK": "dette katalog-id tilhører et andet objekt", "SE": "detta katalog-id tillhör ett annat objekt",
		"NO": "denne katalog-id-en tilhører et annet objekt", "FR": "cet identifiant de catalogue appartient à un autre objet", "DE": "diese Katalog-Id gehört einem anderen Objekt"})
	CodeTaken = failure.Declare(120, "CATALOGUE_CODE_TAKEN", failure.Conflict, failure.Text{
		"EN": "this code belongs to another object of the brand", "DK": "denne kode tilhører et andet objekt i brandet", "SE": "denna kod tillhör ett annat objekt i varumärket",
		"NO": "denne koden tilhører et annet objekt i merkevaren", "FR": "ce code appartient à un autre objet de la marque", "DE": "dieser Code gehört einem anderen Objekt der Marke"})
	IDChanged = failure.Declare(121, "CATALOGUE_ID_CHANGED", failure.Conflict, failure.Text{
		"EN": "the id of a catalogue object never changes", "DK": "et katalogobjekts id ændres aldrig", "SE": "ett katalogobjekts id ändras aldrig",
		"NO": "id-en til et katalogobjekt endres aldri", "FR": "l'identifiant d'un objet du catalogue ne change jamais", "DE": "die Id eines Katalogobjekts ändert sich nie"})
)
