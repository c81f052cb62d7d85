package customer

import "rator/failure"

// What numbers, and the end and second life of subscriptions and accounts, can
// fail with: 250 to 269.
var (
	UnknownReservation = failure.Declare(250, "UNKNOWN_RESERVATION", failure.NotFound, failure.Text{
		"EN": "unknown number reservation", "DK": "ukendt nummerreservation", "SE": "okänd nummerreservation",
		"NO": "ukjent nummerreservasjon", "FR": "réservation de numéro inconnue", "DE": "unbekannte Rufnummernreservierung"})
	ReservationExpired = failure.Declare(251, "RESERVATION_EXPIRED", failure.Conflict, failure.Text{
		"EN": "the number reservation has expired", "DK": "nummerreservationen er udløbet", "SE": "nummerreservationen har gått ut",
		"NO": "nummerreservasjonen er utløpt", "FR": "la réservation de numéro a expiré", "DE": "die Rufnummernreservierung ist abgelaufen"})
	ReservationNotOpen = failure.Declare(252, "RESERVATION_NOT_OPEN", failure.Conflict, failure.Text{
		"EN": "the number reservation was used or released", "DK": "nummerreservationen er brugt eller frigivet", "SE": "nummerreservationen är använd eller frisläppt",
		"NO": "nummerreservasjonen er brukt eller frigitt", "FR": "la réservation de numéro a été utilisée ou libérée", "DE": "die Rufnummernreservierung wurde genutzt oder freigegeben"})
	ReservationOfOtherNumber = failure.Declare(253, "RESERVATION_OF_OTHER_NUMBER", failure.Conflict, failure.Text{
		"EN": "the reservation is of another number", "DK": "reservationen gælder et andet nummer", "SE": "reservationen gäller ett annat nummer",
		"NO": "reservasjonen gjelder et annet nummer", "FR": "la réservation porte sur un autre numéro", "DE": "die Reservierung gilt für eine andere Rufnummer"})
	NumberReserved = failure.Declare(254, "NUMBER_RESERVED", failure.Conflict, failure.Text{
		"EN": "the phone number is reserved", "DK": "telefonnummeret er reserveret", "SE": "telefonnumret är reserverat",
		"NO": "telefonnummeret er reservert", "FR": "le numéro de téléphone est réservé", "DE": "die Rufnummer ist reserviert"})
	NumberInQuarantine = failure.Declare(255, "NUMBER_IN_QUARANTINE", failure.Conflict, failure.Text{
		"EN": "the phone number was given up and is not free yet", "DK": "telefonnummeret er opsagt og endnu ikke ledigt", "SE": "telefonnumret är uppsagt och ännu inte ledigt",
		"NO": "telefonnummeret er sagt opp og ennå ikke ledig", "FR": "le numéro de téléphone a été résilié et n'est pas encore libre", "DE": "die Rufnummer wurde aufgegeben und ist noch nicht wieder frei"})
	NumberNotInSeries = failure.Declare(256, "NUMBER_NOT_IN_SERIES", failure.Conflict, failure.Text{
		"EN": "the phone number is not of the number series", "DK": "telefonnummeret hører ikke til nummerserien", "SE": "telefonnumret hör inte till nummerserien",
		"NO": "telefonnummeret hører ikke til nummerserien", "FR": "le numéro de téléphone n'appartient pas à la série de numéros", "DE": "die Rufnummer gehört nicht zum Rufnummernblock"})
	UnknownTermination = failure.Declare(257, "UNKNOWN_TERMINATION", failure.NotFound, failure.Text{
		"EN": "no such termination", "DK": "ingen sådan opsigelse", "SE": "ingen sådan uppsägning",
		"NO": "ingen slik oppsigelse", "FR": "résiliation inconnue", "DE": "unbekannte Kündigung"})
	TerminationBeforeStart = failure.Declare(258, "TERMINATION_BEFORE_START", failure.Invalid, failure.Text{
		"EN": "the termination date is before the start of the subscription", "DK": "opsigelsesdatoen ligger før abonnementets start", "SE": "uppsägningsdatumet ligger före abonnemangets start",
		"NO": "oppsigelsesdatoen er før abonnementets start", "FR": "la date de résiliation précède le début de l'abonnement", "DE": "das Kündigungsdatum liegt vor dem Beginn des Vertrags"})
	TerminationDatePast = failure.Declare(259, "TERMINATION_DATE_PAST", failure.Invalid, failure.Text{
		"EN": "the termination date is past", "DK": "opsigelsesdatoen er passeret", "SE": "uppsägningsdatumet har passerat",
		"NO": "oppsigelsesdatoen er passert", "FR": "la date de résiliation est passée", "DE": "das Kündigungsdatum ist vorbei"})
	TerminationDateTooFar = failure.Declare(260, "TERMINATION_DATE_TOO_FAR", failure.Invalid, failure.Text{
		"EN": "the termination date is too far ahead", "DK": "opsigelsesdatoen ligger for langt fremme", "SE": "uppsägningsdatumet ligger för långt fram",
		"NO": "oppsigelsesdatoen er for langt frem i tid", "FR": "la date de résiliation est trop éloignée", "DE": "das Kündigungsdatum liegt zu weit in der Zukunft"})
	TerminationScheduled = failure.Declare(261, "TERMINATION_SCHEDULED", failure.Conflict, failure.Text{
		"EN": "a termination is scheduled already", "DK": "en opsigelse er allerede planlagt", "SE": "en uppsägning är redan planerad",
		"NO": "en oppsigelse er allerede planlagt", "FR": "une résiliation est déjà programmée", "DE": "eine Kündigung ist bereits vorgemerkt"})
	TerminationNotScheduled = failure.Declare(262, "TERMINATION_NOT_SCHEDULED", failure.Conflict, failure.Text{
		"EN": "no termination is scheduled", "DK": "ingen opsigelse er planlagt", "SE": "ingen uppsägning är planerad",
		"NO": "ingen oppsigelse er planlagt", "FR": "aucune résiliation n'est programmée", "DE": "es ist keine Kündigung vorgemerkt"})
	TerminationNotDue = failure.Declare(263, "TERMINATION_NOT_DUE", failure.Conflict, failure.Text{
		"EN": "the termination is not due yet", "DK": "opsigelsen er endnu ikke forfalden", "SE": "uppsägningen har ännu inte infallit",
		"NO": "oppsigelsen har ennå ikke trådt i kraft", "FR": "la résiliation n'a pas encore pris effet", "DE": "die Kündigung wird erst später wirksam"})
	TerminationNotAllowed = failure.Declare(264, "TERMINATION_NOT_ALLOWED", failure.Conflict, failure.Text{
		"EN": "the subscription may not be terminated", "DK": "abonnementet kan ikke opsiges", "SE": "abonnemanget får inte sägas upp",
		"NO": "abonnementet kan ikke sies opp", "FR": "l'abonnement ne peut pas être résilié", "DE": "der Vertrag kann nicht gekündigt werden"})
	ReactivationNotAllowed = failure.Declare(265, "REACTIVATION_NOT_ALLOWED", failure.Conflict, failure.Text{
		"EN": "the subscription may not be reactivated", "DK": "abonnementet kan ikke genaktiveres", "SE": "abonnemanget får inte återaktiveras",
		"NO": "abonnementet kan ikke reaktiveres", "FR": "l'abonnement ne peut pas être réactivé", "DE": "der Vertrag kann nicht wieder aktiviert werden"})
	LiveSubscriptions = failure.Declare(266, "LIVE_SUBSCRIPTIONS", failure.Conflict, failure.Text{
		"EN": "the account has subscriptions that are not terminated", "DK": "kontoen har abonnementer, der ikke er opsagt", "SE": "kontot har abonnemang som inte är uppsagda",
		"NO": "kontoen har abonnementer som ikke er sagt opp", "FR": "le compte a des abonnements qui ne sont pas résiliés", "DE": "das Kundenkonto hat Verträge, die nicht beendet sind"})
	OpenBalance = failure.Declare(267, "OPEN_BALANCE", failure.Conflict, failure.Text{
		"EN": "a billing group's balance is not zero", "DK": "en faktureringsgruppes saldo er ikke nul", "SE": "en faktureringsgrupps saldo är inte noll",
		"NO": "saldoen til en faktureringsgruppe er ikke null", "FR": "le solde d'un groupe de facturation n'est pas nul", "DE": "der Saldo einer Rechnungsgruppe ist nicht null"})
)
