package number

import "rator/failure"

// What keeps a number from who wants it: 173, and 250 to 256.
var (
	Taken = failure.Declare(173, "NUMBER_TAKEN", failure.Conflict, failure.Text{
		"EN": "the phone number belongs to another service", "DK": "telefonnummeret tilhører en anden tjeneste", "SE": "telefonnumret tillhör en annan tjänst",
		"NO": "telefonnummeret tilhører en annen tjeneste", "FR": "le numéro de téléphone appartient à un autre service", "DE": "die Rufnummer gehört zu einem anderen Dienst"})
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
	Reserved = failure.Declare(254, "NUMBER_RESERVED", failure.Conflict, failure.Text{
		"EN": "the phone number is reserved", "DK": "telefonnummeret er reserveret", "SE": "telefonnumret är reserverat",
		"NO": "telefonnummeret er reservert", "FR": "le numéro de téléphone est réservé", "DE": "die Rufnummer ist reserviert"})
	InQuarantine = failure.Declare(255, "NUMBER_IN_QUARANTINE", failure.Conflict, failure.Text{
		"EN": "the phone number was given up and is not free yet", "DK": "telefonnummeret er opsagt og endnu ikke ledigt", "SE": "telefonnumret är uppsagt och ännu inte ledigt",
		"NO": "telefonnummeret er sagt opp og ennå ikke ledig", "FR": "le numéro de téléphone a été résilié et n'est pas encore libre", "DE": "die Rufnummer wurde aufgegeben und ist noch nicht wieder frei"})
	NotInSeries = failure.Declare(256, "NUMBER_NOT_IN_SERIES", failure.Conflict, failure.Text{
		"EN": "the phone number is not of the number series", "DK": "telefonnummeret hører ikke til nummerserien", "SE": "telefonnumret hör inte till nummerserien",
		"NO": "telefonnummeret hører ikke til nummerserien", "FR": "le numéro de téléphone n'appartient pas à la série de numéros", "DE": "die Rufnummer gehört nicht zum Rufnummernblock"})
)
