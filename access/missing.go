package access

import "rator/failure"

// What failure.NotAuthenticated says where a caller left something out. It is said
// of what was asked alone, never of what is known here, so that nobody learns from
// it which operators there are.
var (
	noOperator = failure.Text{
		"EN": "no operator is given", "DK": "ingen operatør er angivet", "SE": "ingen operatör har angetts",
		"NO": "ingen operatør er oppgitt", "FR": "aucun opérateur n'est indiqué", "DE": "kein Operator ist angegeben"}
	noPassword = failure.Text{
		"EN": "no password is given", "DK": "ingen adgangskode er angivet", "SE": "inget lösenord har angetts",
		"NO": "ingen passord er oppgitt", "FR": "aucun mot de passe n'est indiqué", "DE": "kein Passwort ist angegeben"}
	noToken = failure.Text{
		"EN": "no token is given", "DK": "intet token er angivet", "SE": "ingen token har angetts",
		"NO": "ingen token er oppgitt", "FR": "aucun jeton n'est indiqué", "DE": "kein Token ist angegeben"}
	wrongToken = failure.Text{
		"EN": "the token is unknown, expired or revoked, or its operator is disabled", "DK": "tokenet er ukendt, udløbet eller tilbagekaldt, eller dets operatør er spærret",
		"SE": "tokenen är okänd, har gått ut eller återkallats, eller dess operatör är spärrad", "NO": "tokenet er ukjent, utløpt eller tilbakekalt, eller operatøren er sperret",
		"FR": "le jeton est inconnu, expiré ou révoqué, ou son opérateur est désactivé", "DE": "das Token ist unbekannt, abgelaufen oder widerrufen, oder sein Operator ist gesperrt"}
)

func notAuthenticated(text failure.Text, detail string) error {
	return &failure.Error{Code: failure.NotAuthenticated, Text: text, Detail: detail}
}

// refusal is what credentials that do not count are answered.
func (c Credentials) refusal() error {
	switch {
	case c.Operator == "":
		return notAuthenticated(noOperator, c.Hint)
	case c.Password == "" && !c.Certificate:
		return notAuthenticated(noPassword, c.Hint)
	}
	return failure.NotAuthenticated.Error()
}
