package access

import "rator/failure"

// The ways to fail in administering and checking operators (300 to 329). Who
// calls and is refused gets failure.NotAuthenticated or failure.NotAllowed instead.
var (
	OperatorExists = failure.Declare(300, "OPERATOR_EXISTS", failure.Conflict, failure.Text{
		"EN": "there is an operator of that name already", "DK": "der findes allerede en operatør med det navn", "SE": "det finns redan en operatör med det namnet",
		"NO": "det finnes allerede en operatør med det navnet", "FR": "un opérateur de ce nom existe déjà", "DE": "es gibt schon einen Operator dieses Namens"})
	UnknownOperator = failure.Declare(301, "UNKNOWN_OPERATOR", failure.NotFound, failure.Text{
		"EN": "there is no such operator", "DK": "operatøren findes ikke", "SE": "operatören finns inte",
		"NO": "operatøren finnes ikke", "FR": "cet opérateur n'existe pas", "DE": "diesen Operator gibt es nicht"})
	BadOperatorName = failure.Declare(302, "BAD_OPERATOR_NAME", failure.Invalid, failure.Text{
		"EN": "the operator name is not valid", "DK": "operatørnavnet er ikke gyldigt", "SE": "operatörsnamnet är inte giltigt",
		"NO": "operatørnavnet er ikke gyldig", "FR": "le nom d'opérateur n'est pas valide", "DE": "der Operatorname ist nicht gültig"})
	BadRight = failure.Declare(303, "BAD_RIGHT", failure.Invalid, failure.Text{
		"EN": "the right is not a valid hookpoint pattern", "DK": "rettigheden er ikke et gyldigt hookpoint-mønster", "SE": "rättigheten är inte ett giltigt hookpoint-mönster",
		"NO": "rettigheten er ikke et gyldig hookpoint-mønster", "FR": "le droit n'est pas un motif de hookpoint valide", "DE": "das Recht ist kein gültiges Hookpoint-Muster"})
	RightNotHeld = failure.Declare(304, "RIGHT_NOT_HELD", failure.NotFound, failure.Text{
		"EN": "the operator does not hold that right", "DK": "operatøren har ikke den rettighed", "SE": "operatören har inte den rättigheten",
		"NO": "operatøren har ikke den rettigheten", "FR": "l'opérateur ne détient pas ce droit", "DE": "der Operator hat dieses Recht nicht"})
	BadBrand = failure.Declare(305, "BAD_BRAND", failure.Invalid, failure.Text{
		"EN": "the brands of the operator are not valid", "DK": "operatørens brands er ikke gyldige", "SE": "operatörens varumärken är inte giltiga",
		"NO": "operatørens merker er ikke gyldige", "FR": "les marques de l'opérateur ne sont pas valides", "DE": "die Marken des Operators sind nicht gültig"})
	BadCIDR = failure.Declare(306, "BAD_CIDR", failure.Invalid, failure.Text{
		"EN": "the trusted network is not valid", "DK": "det betroede netværk er ikke gyldigt", "SE": "det betrodda nätverket är inte giltigt",
		"NO": "det klarerte nettverket er ikke gyldig", "FR": "le réseau de confiance n'est pas valide", "DE": "das vertrauenswürdige Netz ist nicht gültig"})
	WeakPassword = failure.Declare(307, "WEAK_PASSWORD", failure.Invalid, failure.Text{
		"EN": "the password is too weak", "DK": "adgangskoden er for svag", "SE": "lösenordet är för svagt",
		"NO": "passordet er for svakt", "FR": "le mot de passe est trop faible", "DE": "das Passwort ist zu schwach"})
	// OperatorCheckFailed is what SOAP_AUTHENTICATE_OPERATOR answers: unlike
	// NotAuthenticated it is not about who calls.
	OperatorCheckFailed = failure.Declare(308, "OPERATOR_CHECK_FAILED", failure.Denied, failure.Text{
		"EN": "the checked operator does not have that password and that right", "DK": "den kontrollerede operatør har ikke den adgangskode og den rettighed", "SE": "den kontrollerade operatören har inte det lösenordet och den rättigheten",
		"NO": "den kontrollerte operatøren har ikke det passordet og den rettigheten", "FR": "l'opérateur vérifié n'a pas ce mot de passe et ce droit", "DE": "der geprüfte Operator hat dieses Passwort und dieses Recht nicht"})
	UnknownToken = failure.Declare(309, "UNKNOWN_OPERATOR_TOKEN", failure.NotFound, failure.Text{
		"EN": "there is no such token of an operator", "DK": "operatøren har ikke det token", "SE": "det finns ingen sådan token för en operatör",
		"NO": "det finnes ikke et slikt token for en operatør", "FR": "aucun opérateur n'a ce jeton", "DE": "kein Operator hat dieses Token"})
	BadTokenLabel = failure.Declare(310, "BAD_TOKEN_LABEL", failure.Invalid, failure.Text{
		"EN": "the label of the token is not valid", "DK": "tokenets betegnelse er ikke gyldig", "SE": "tokenens etikett är inte giltig",
		"NO": "tokenets merkelapp er ikke gyldig", "FR": "le libellé du jeton n'est pas valide", "DE": "die Bezeichnung des Tokens ist nicht gültig"})
	BadTokenExpiry = failure.Declare(311, "BAD_TOKEN_EXPIRY", failure.Invalid, failure.Text{
		"EN": "the token would never count", "DK": "tokenet ville aldrig gælde", "SE": "tokenen skulle aldrig gälla",
		"NO": "tokenet ville aldri gjelde", "FR": "le jeton ne vaudrait jamais", "DE": "das Token würde nie gelten"})
	// What WS-Security says of a message is refused; the SOAP face answers with the
	// fault that the standard names.
	UsedToken = failure.Declare(320, "USERNAME_TOKEN_USED", failure.Denied, failure.Text{
		"EN": "the UsernameToken was used before", "DK": "UsernameToken er brugt før", "SE": "UsernameToken har använts förut",
		"NO": "UsernameToken er brukt før", "FR": "le UsernameToken a déjà servi", "DE": "das UsernameToken wurde schon benutzt"})
	StaleToken = failure.Declare(321, "USERNAME_TOKEN_STALE", failure.Denied, failure.Text{
		"EN": "the UsernameToken was not made just now", "DK": "UsernameToken er ikke lavet lige nu", "SE": "UsernameToken är inte gjord nyss",
		"NO": "UsernameToken er ikke laget akkurat nå", "FR": "le UsernameToken n'a pas été créé à l'instant", "DE": "das UsernameToken wurde nicht gerade eben gemacht"})
	BadToken = failure.Declare(322, "BAD_USERNAME_TOKEN", failure.Invalid, failure.Text{
		"EN": "the UsernameToken is not valid", "DK": "UsernameToken er ikke gyldigt", "SE": "UsernameToken är inte giltig",
		"NO": "UsernameToken er ikke gyldig", "FR": "le UsernameToken n'est pas valide", "DE": "das UsernameToken ist nicht gültig"})
	MessageExpired = failure.Declare(323, "MESSAGE_EXPIRED", failure.Denied, failure.Text{
		"EN": "the message has expired", "DK": "beskeden er udløbet", "SE": "meddelandet har gått ut",
		"NO": "meldingen er utløpt", "FR": "le message a expiré", "DE": "die Nachricht ist abgelaufen"})
	BadTimestamp = failure.Declare(324, "BAD_TIMESTAMP", failure.Invalid, failure.Text{
		"EN": "the Timestamp of the message is not valid", "DK": "beskedens Timestamp er ikke gyldigt", "SE": "meddelandets Timestamp är inte giltig",
		"NO": "meldingens Timestamp er ikke gyldig", "FR": "le Timestamp du message n'est pas valide", "DE": "der Timestamp der Nachricht ist nicht gültig"})
)
