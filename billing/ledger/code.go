package ledger

import "rator/failure"

// What is asked of kept money can fail with these: 400 to 449, with those of the rooms above.
var (
	InvalidAmount = failure.Declare(400, "INVALID_AMOUNT", failure.Invalid, failure.Text{
		"EN": "the amount is not valid", "DK": "beløbet er ikke gyldigt", "SE": "beloppet är inte giltigt",
		"NO": "beløpet er ikke gyldig", "FR": "le montant n'est pas valable", "DE": "der Betrag ist ungültig"})
	TransactionRecorded = failure.Declare(403, "TRANSACTION_ALREADY_RECORDED", failure.Conflict, failure.Text{
		"EN": "a payment with this transaction id is recorded already", "DK": "en betaling med dette transaktions-id er allerede registreret", "SE": "en betalning med detta transaktions-id är redan registrerad",
		"NO": "en betaling med denne transaksjons-id-en er allerede registrert", "FR": "un paiement avec cet identifiant de transaction est déjà enregistré", "DE": "eine Zahlung mit dieser Transaktions-Id ist schon erfasst"})
	UnknownInvoice = failure.Declare(406, "UNKNOWN_INVOICE", failure.NotFound, failure.Text{
		"EN": "unknown invoice", "DK": "ukendt faktura", "SE": "okänd faktura",
		"NO": "ukjent faktura", "FR": "facture inconnue", "DE": "unbekannte Rechnung"})
	OpeningBalanceExists = failure.Declare(409, "OPENING_BALANCE_EXISTS", failure.Conflict, failure.Text{
		"EN": "the billing group has an opening balance already", "DK": "faktureringsgruppen har allerede en åbningssaldo", "SE": "faktureringsgruppen har redan ett ingående saldo",
		"NO": "faktureringsgruppen har allerede en åpningssaldo", "FR": "le groupe de facturation a déjà un solde d'ouverture", "DE": "die Rechnungsgruppe hat schon einen Anfangssaldo"})
	UnknownPosting = failure.Declare(410, "UNKNOWN_POSTING", failure.NotFound, failure.Text{
		"EN": "unknown posting", "DK": "ukendt postering", "SE": "okänd bokföringspost",
		"NO": "ukjent postering", "FR": "écriture inconnue", "DE": "unbekannte Buchung"})
	UnknownPayment = failure.Declare(411, "UNKNOWN_PAYMENT", failure.NotFound, failure.Text{
		"EN": "unknown payment", "DK": "ukendt betaling", "SE": "okänd betalning",
		"NO": "ukjent betaling", "FR": "paiement inconnu", "DE": "unbekannte Zahlung"})
)
