package customer

import "rator/failure"

// What restructuring a customer and forgetting a person can fail with.
var (
	UserIsOwner = failure.Declare(270, "USER_IS_OWNER", failure.Conflict, failure.Text{
		"EN": "the user owns the account or a billing group", "DK": "brugeren ejer kontoen eller en faktureringsgruppe", "SE": "användaren äger kontot eller en faktureringsgrupp",
		"NO": "brukeren eier kontoen eller en faktureringsgruppe", "FR": "l'utilisateur est titulaire du compte ou d'un groupe de facturation", "DE": "der Benutzer ist Inhaber des Kundenkontos oder einer Rechnungsgruppe"})
	UserHasSubscription = failure.Declare(271, "USER_HAS_SUBSCRIPTION", failure.Conflict, failure.Text{
		"EN": "the user uses a subscription", "DK": "brugeren bruger et abonnement", "SE": "användaren använder ett abonnemang",
		"NO": "brukeren bruker et abonnement", "FR": "l'utilisateur utilise un abonnement", "DE": "der Benutzer nutzt einen Vertrag"})
	UserIsBillingAddress = failure.Declare(272, "USER_IS_BILLING_ADDRESS", failure.Conflict, failure.Text{
		"EN": "the user is the billing address of a billing group", "DK": "brugeren er faktureringsadresse for en faktureringsgruppe", "SE": "användaren är faktureringsadress för en faktureringsgrupp",
		"NO": "brukeren er fakturaadresse for en faktureringsgruppe", "FR": "l'utilisateur est l'adresse de facturation d'un groupe de facturation", "DE": "der Benutzer ist die Rechnungsadresse einer Rechnungsgruppe"})
	RetentionNotOver = failure.Declare(273, "RETENTION_NOT_OVER", failure.Conflict, failure.Text{
		"EN": "the data must be kept longer", "DK": "dataene skal opbevares længere", "SE": "uppgifterna måste bevaras längre",
		"NO": "opplysningene må oppbevares lenger", "FR": "les données doivent être conservées plus longtemps", "DE": "die Daten müssen noch aufbewahrt werden"})
	NoObjectToOwn = failure.Declare(274, "NO_OBJECT_TO_OWN", failure.Invalid, failure.Text{
		"EN": "neither an account nor a billing group is named", "DK": "hverken konto eller faktureringsgruppe er angivet", "SE": "varken konto eller faktureringsgrupp har angetts",
		"NO": "verken konto eller faktureringsgruppe er oppgitt", "FR": "ni compte ni groupe de facturation n'est indiqué", "DE": "weder ein Kundenkonto noch eine Rechnungsgruppe ist genannt"})
	ChangeDateOutOfRange = failure.Declare(275, "CHANGE_DATE_OUT_OF_RANGE", failure.Invalid, failure.Text{
		"EN": "the change date is not today", "DK": "ændringsdatoen er ikke i dag", "SE": "ändringsdatumet är inte i dag",
		"NO": "endringsdatoen er ikke i dag", "FR": "la date de changement n'est pas aujourd'hui", "DE": "das Änderungsdatum ist nicht heute"})
	CannotMoveTerminated = failure.Declare(276, "CANNOT_MOVE_TERMINATED", failure.Conflict, failure.Text{
		"EN": "a terminated subscription stays in its billing group", "DK": "et opsagt abonnement bliver i sin faktureringsgruppe", "SE": "ett avslutat abonnemang stannar i sin faktureringsgrupp",
		"NO": "et avsluttet abonnement blir i sin faktureringsgruppe", "FR": "un abonnement résilié reste dans son groupe de facturation", "DE": "ein beendeter Vertrag bleibt in seiner Rechnungsgruppe"})
)
