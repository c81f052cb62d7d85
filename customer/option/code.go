package option

import "rator/failure"

// What a change of options or of the rate plan can fail with: 213 to 223.
var (
	// NotAllowed is for workflows: it says the answer of a site's OPTION_SETUP_VALIDATION on.
	NotAllowed = failure.Declare(213, "OPTION_NOT_ALLOWED", failure.Denied, failure.Text{
		"EN": "the subscription may not change this option", "DK": "abonnementet må ikke ændre dette tilvalg", "SE": "abonnemanget får inte ändra detta tillval",
		"NO": "abonnementet får ikke endre dette tilvalget", "FR": "l'abonnement ne peut pas modifier cette option", "DE": "der Vertrag darf diese Option nicht ändern"})
	NoProductOption = failure.Declare(214, "NO_PRODUCT_OPTION", failure.Invalid, failure.Text{
		"EN": "no product option is named", "DK": "intet produkttilvalg er angivet", "SE": "inget produkttillval har angetts",
		"NO": "ingen produkttilvalg er oppgitt", "FR": "aucune option de produit n'est indiquée", "DE": "keine Produktoption ist genannt"})
	SameRatePlan = failure.Declare(216, "SAME_RATE_PLAN", failure.Conflict, failure.Text{
		"EN": "the subscription has this rate plan already", "DK": "abonnementet har allerede denne takstplan", "SE": "abonnemanget har redan denna prisplan",
		"NO": "abonnementet har allerede denne prisplanen", "FR": "l'abonnement a déjà ce plan tarifaire", "DE": "der Vertrag hat diesen Tarifplan schon"})
	WrongCurrency = failure.Declare(222, "WRONG_CURRENCY", failure.Conflict, failure.Text{
		"EN": "the option is priced in another currency than the billing group", "DK": "tilvalget er prissat i en anden valuta end faktureringsgruppen", "SE": "tillvalet är prissatt i en annan valuta än faktureringsgruppen",
		"NO": "tilvalget er priset i en annen valuta enn faktureringsgruppen", "FR": "l'option est tarifée dans une autre devise que le groupe de facturation", "DE": "die Option hat ihren Preis in einer anderen Währung als die Rechnungsgruppe"})
	NotInRatePlan = failure.Declare(223, "OPTION_NOT_IN_RATE_PLAN", failure.Conflict, failure.Text{
		"EN": "the rate plan does not have this option", "DK": "takstplanen har ikke dette tilvalg", "SE": "prisplanen har inte detta tillval",
		"NO": "prisplanen har ikke dette tilvalget", "FR": "le plan tarifaire n'a pas cette option", "DE": "der Tarifplan hat diese Option nicht"})
)
