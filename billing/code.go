package billing

import "rator/failure"

// What the operations on money can fail with: 400 to 449.
var (
	AmountBeyondLimit = failure.Declare(401, "AMOUNT_BEYOND_LIMIT", failure.Invalid, failure.Text{
		"EN": "the amount is beyond the limit", "DK": "beløbet er over grænsen", "SE": "beloppet är över gränsen",
		"NO": "beløpet er over grensen", "FR": "le montant dépasse la limite", "DE": "der Betrag überschreitet die Grenze"})
	DateOutOfRange = failure.Declare(402, "DATE_OUT_OF_RANGE", failure.Invalid, failure.Text{
		"EN": "the date is out of range", "DK": "datoen er uden for det tilladte", "SE": "datumet är utanför det tillåtna",
		"NO": "datoen er utenfor det tillatte", "FR": "la date est hors limites", "DE": "das Datum liegt außerhalb des Zulässigen"})
	UnknownPaymentReference = failure.Declare(404, "UNKNOWN_PAYMENT_REFERENCE", failure.NotFound, failure.Text{
		"EN": "the reference names no billing group", "DK": "referencen angiver ingen faktureringsgruppe", "SE": "referensen anger ingen faktureringsgrupp",
		"NO": "referansen angir ingen faktureringsgruppe", "FR": "la référence ne désigne aucun groupe de facturation", "DE": "die Referenz nennt keine Rechnungsgruppe"})
	AmbiguousPaymentReference = failure.Declare(405, "AMBIGUOUS_PAYMENT_REFERENCE", failure.Conflict, failure.Text{
		"EN": "the reference names a customer with several billing groups", "DK": "referencen angiver en kunde med flere faktureringsgrupper", "SE": "referensen anger en kund med flera faktureringsgrupper",
		"NO": "referansen angir en kunde med flere faktureringsgrupper", "FR": "la référence désigne un client qui a plusieurs groupes de facturation", "DE": "die Referenz nennt einen Kunden mit mehreren Rechnungsgruppen"})
	UnknownCostCenter = failure.Declare(407, "UNKNOWN_COST_CENTER", failure.NotFound, failure.Text{
		"EN": "unknown cost centre", "DK": "ukendt omkostningssted", "SE": "okänt kostnadsställe",
		"NO": "ukjent kostnadssted", "FR": "centre de coûts inconnu", "DE": "unbekannte Kostenstelle"})
	NothingToListBy = failure.Declare(408, "NOTHING_TO_LIST_BY", failure.Invalid, failure.Text{
		"EN": "nothing to list detail lines by", "DK": "intet at liste detaljelinjer efter", "SE": "inget att lista detaljrader efter",
		"NO": "ingenting å liste detaljlinjer etter", "FR": "aucun critère pour lister les lignes de détail", "DE": "nichts, wonach Einzelposten aufzulisten wären"})
)
