package billing

import "rator/failure"

// What undoing a payment can fail with: 418 to 424.
var (
	PaymentReversed = failure.Declare(418, "PAYMENT_REVERSED", failure.Conflict, failure.Text{
		"EN": "the payment is reversed already", "DK": "betalingen er allerede tilbageført", "SE": "betalningen är redan återförd",
		"NO": "betalingen er allerede tilbakeført", "FR": "le paiement est déjà annulé", "DE": "die Zahlung ist schon storniert"})
	PaymentNotCaptured = failure.Declare(419, "PAYMENT_NOT_CAPTURED", failure.Conflict, failure.Text{
		"EN": "the payment is not captured", "DK": "betalingen er ikke hævet", "SE": "betalningen är inte debiterad",
		"NO": "betalingen er ikke belastet", "FR": "le paiement n'est pas encaissé", "DE": "die Zahlung ist nicht eingezogen"})
	RefundBeyondPayment = failure.Declare(420, "REFUND_BEYOND_PAYMENT", failure.Conflict, failure.Text{
		"EN": "the refund is more than is left of the payment", "DK": "refusionen er større end det, der er tilbage af betalingen", "SE": "återbetalningen är större än det som återstår av betalningen",
		"NO": "refusjonen er større enn det som gjenstår av betalingen", "FR": "le remboursement dépasse ce qui reste du paiement", "DE": "die Erstattung ist höher als der Rest der Zahlung"})
	RefundBeyondCredit = failure.Declare(421, "REFUND_BEYOND_CREDIT", failure.Conflict, failure.Text{
		"EN": "the refund is more than the billing group has to its credit", "DK": "refusionen er større end faktureringsgruppens tilgodehavende", "SE": "återbetalningen är större än faktureringsgruppens tillgodohavande",
		"NO": "refusjonen er større enn faktureringsgruppens tilgodehavende", "FR": "le remboursement dépasse l'avoir du groupe de facturation", "DE": "die Erstattung ist höher als das Guthaben der Rechnungsgruppe"})
	PaymentInSameGroup = failure.Declare(422, "PAYMENT_IN_SAME_GROUP", failure.Conflict, failure.Text{
		"EN": "the payment is of this billing group already", "DK": "betalingen hører allerede til denne faktureringsgruppe", "SE": "betalningen hör redan till denna faktureringsgrupp",
		"NO": "betalingen hører allerede til denne faktureringsgruppen", "FR": "le paiement est déjà de ce groupe de facturation", "DE": "die Zahlung gehört schon zu dieser Rechnungsgruppe"})
	PaymentInOtherCurrency = failure.Declare(423, "PAYMENT_IN_OTHER_CURRENCY", failure.Conflict, failure.Text{
		"EN": "the payment is in another currency", "DK": "betalingen er i en anden valuta", "SE": "betalningen är i en annan valuta",
		"NO": "betalingen er i en annen valuta", "FR": "le paiement est dans une autre monnaie", "DE": "die Zahlung ist in einer anderen Währung"})
	FeeIsCredit = failure.Declare(424, "FEE_IS_A_CREDIT", failure.Invalid, failure.Text{
		"EN": "the charge item of the fee is a credit", "DK": "gebyrposten er en kreditering", "SE": "avgiftens debiteringspost är en kreditering",
		"NO": "gebyrposten er en kreditering", "FR": "le poste de facturation des frais est un crédit", "DE": "der Gebührenposten ist eine Gutschrift"})
)
