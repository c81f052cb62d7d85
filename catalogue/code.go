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
	codeTaken = failure.Declare(120, "CATALOGUE_CODE_TAKEN", failure.Conflict, failure.Text{
		"EN": "this code belongs to another object of the brand", "DK": "denne kode tilhører et andet objekt i brandet", "SE": "denna kod tillhör ett annat objekt i varumärket",
		"NO": "denne koden tilhører et annet objekt i merkevaren", "FR": "ce code appartient à un autre objet de la marque", "DE": "dieser Code gehört einem anderen Objekt der Marke"})
	IDChanged = failure.Declare(121, "CATALOGUE_ID_CHANGED", failure.Conflict, failure.Text{
		"EN": "the id of a catalogue object never changes", "DK": "et katalogobjekts id ændres aldrig", "SE": "ett katalogobjekts id ändras aldrig",
		"NO": "id-en til et katalogobjekt endres aldri", "FR": "l'identifiant d'un objet du catalogue ne change jamais", "DE": "die Id eines Katalogobjekts ändert sich nie"})

	unknownTax = failure.Declare(122, "UNKNOWN_TAX", failure.NotFound, failure.Text{
		"EN": "unknown tax", "DK": "ukendt afgift", "SE": "okänd skatt",
		"NO": "ukjent avgift", "FR": "taxe inconnue", "DE": "unbekannte Steuer"})
	UnknownTaxArea = failure.Declare(123, "UNKNOWN_TAX_AREA", failure.NotFound, failure.Text{
		"EN": "the tax table does not know this country", "DK": "afgiftstabellen kender ikke dette land", "SE": "skattetabellen känner inte till detta land",
		"NO": "avgiftstabellen kjenner ikke dette landet", "FR": "la table des taxes ne connaît pas ce pays", "DE": "die Steuertabelle kennt dieses Land nicht"})
	WrongTaxCharge = failure.Declare(124, "WRONG_TAX_CHARGE", failure.Invalid, failure.Text{
		"EN": "this amount cannot be taxed", "DK": "dette beløb kan ikke beskattes", "SE": "detta belopp kan inte beskattas",
		"NO": "dette beløpet kan ikke avgiftsberegnes", "FR": "ce montant ne peut pas être taxé", "DE": "dieser Betrag kann nicht besteuert werden"})
	WrongTaxDate = failure.Declare(125, "WRONG_TAX_DATE", failure.Invalid, failure.Text{
		"EN": "the tax date is out of range", "DK": "afgiftsdatoen er uden for det tilladte", "SE": "skattedatumet ligger utanför det tillåtna",
		"NO": "avgiftsdatoen er utenfor det tillatte", "FR": "la date de taxation est hors limites", "DE": "das Steuerdatum liegt außerhalb des Erlaubten"})
	// The clients of SOAP_MANAGE_DEVICE look for the name in the message (rator-api.md 3.3).
	DoesNotExistInDB = failure.Declare(126, "DOES_NOT_EXIST_IN_DB", failure.NotFound, failure.Text{
		"EN": "DOES_NOT_EXIST_IN_DB: the device is unknown", "DK": "DOES_NOT_EXIST_IN_DB: enheden er ukendt", "SE": "DOES_NOT_EXIST_IN_DB: enheten är okänd",
		"NO": "DOES_NOT_EXIST_IN_DB: enheten er ukjent", "FR": "DOES_NOT_EXIST_IN_DB: l'appareil est inconnu", "DE": "DOES_NOT_EXIST_IN_DB: das Gerät ist unbekannt"})
	WrongOwnershipCode = failure.Declare(127, "WRONG_OWNERSHIP_CODE", failure.Conflict, failure.Text{
		"EN": "the device has another ownership code", "DK": "enheden har en anden ejerkode", "SE": "enheten har en annan ägarkod",
		"NO": "enheten har en annen eierkode", "FR": "l'appareil a un autre code de propriété", "DE": "das Gerät hat einen anderen Besitzcode"})
	DeviceNotUsable = failure.Declare(128, "DEVICE_NOT_USABLE", failure.Conflict, failure.Text{
		"EN": "the device may not be used", "DK": "enheden må ikke bruges", "SE": "enheten får inte användas",
		"NO": "enheten kan ikke brukes", "FR": "l'appareil ne peut pas être utilisé", "DE": "das Gerät darf nicht benutzt werden"})
	NoCoverage = failure.Declare(129, "NO_COVERAGE", failure.NotFound, failure.Text{
		"EN": "the network does not reach this zip code", "DK": "nettet dækker ikke dette postnummer", "SE": "nätet täcker inte detta postnummer",
		"NO": "nettet dekker ikke dette postnummeret", "FR": "le réseau ne couvre pas ce code postal", "DE": "das Netz erreicht diese Postleitzahl nicht"})
	unknownCampaign = failure.Declare(130, "UNKNOWN_CAMPAIGN", failure.NotFound, failure.Text{
		"EN": "unknown campaign", "DK": "ukendt kampagne", "SE": "okänd kampanj",
		"NO": "ukjent kampanje", "FR": "campagne inconnue", "DE": "unbekannte Kampagne"})

	PastChanged = failure.Declare(148, "CATALOGUE_PAST_CHANGED", failure.Conflict, failure.Text{
		"EN": "an import does not change what held on days that are over", "DK": "en import ændrer ikke det, der gjaldt på dage, der er gået", "SE": "en import ändrar inte det som gällde dagar som har gått",
		"NO": "en import endrer ikke det som gjaldt på dager som er over", "FR": "une importation ne change pas ce qui valait pour des jours passés", "DE": "ein Import ändert nicht, was an vergangenen Tagen galt"})
	ValidFromPast = failure.Declare(147, "VALID_FROM_PAST", failure.Invalid, failure.Text{
		"EN": "the day from which an import counts is over", "DK": "dagen, som importen gælder fra, er gået", "SE": "dagen från vilken importen gäller har gått",
		"NO": "dagen importen gjelder fra, er over", "FR": "le jour à partir duquel l'importation vaut est passé", "DE": "der Tag, ab dem der Import gilt, ist vergangen"})
)
