package failure

// The endpoint's own codes (errorCode 1 to 9 on the wire). Everything else a
// workflow can fail with is a business code from 100.
var (
	UnknownHookpoint = Declare(1, "UNKNOWN_HOOKPOINT", NotFound, Text{
		"EN": "unknown hookpoint", "DK": "ukendt hookpoint", "SE": "okänd hookpoint",
		"NO": "ukjent hookpoint", "FR": "hookpoint inconnu", "DE": "unbekannter Hookpoint"})
	NotAuthenticated = Declare(2, "NOT_AUTHENTICATED", Denied, Text{
		"EN": "operator or password is wrong", "DK": "operatør eller adgangskode er forkert", "SE": "operatör eller lösenord är fel",
		"NO": "operatør eller passord er feil", "FR": "opérateur ou mot de passe incorrect", "DE": "Operator oder Passwort ist falsch"})
	NotAllowed = Declare(3, "NOT_ALLOWED", Denied, Text{
		"EN": "the operator may not do this", "DK": "operatøren har ikke lov til dette", "SE": "operatören får inte göra detta",
		"NO": "operatøren har ikke lov til dette", "FR": "l'opérateur n'a pas ce droit", "DE": "der Operator darf das nicht"})
	InvalidRequest = Declare(4, "INVALID_REQUEST", Invalid, Text{
		"EN": "the request is not valid", "DK": "forespørgslen er ikke gyldig", "SE": "begäran är inte giltig",
		"NO": "forespørselen er ikke gyldig", "FR": "la requête n'est pas valide", "DE": "die Anfrage ist nicht gültig"})
	RequestIDReused = Declare(5, "REQUEST_ID_REUSED", Conflict, Text{
		"EN": "this request id was used for another request", "DK": "dette request-id er brugt til en anden forespørgsel", "SE": "detta request-id har använts för en annan begäran",
		"NO": "denne request-id-en er brukt til en annen forespørsel", "FR": "cet identifiant de requête a déjà servi à une autre requête", "DE": "diese Request-Id wurde für eine andere Anfrage benutzt"})
	TryAgain = Declare(6, "BUSY", Busy, Text{
		"EN": "busy, repeat the request", "DK": "optaget, gentag forespørgslen", "SE": "upptagen, upprepa begäran",
		"NO": "opptatt, gjenta forespørselen", "FR": "occupé, répétez la requête", "DE": "ausgelastet, bitte die Anfrage wiederholen"})
	WorkflowFailed = Declare(7, "WORKFLOW_FAILED", Internal, Text{
		"EN": "the workflow has a fault of its own", "DK": "workflowet har selv en fejl", "SE": "arbetsflödet har ett eget fel",
		"NO": "arbeidsflyten har selv en feil", "FR": "le workflow est lui-même en défaut", "DE": "der Workflow selbst ist fehlerhaft"})
	AnswerErased = Declare(8, "ANSWER_ERASED", Conflict, Text{
		"EN": "this request was done before, and its answer was erased with the person it spoke of; nothing was done again",
		"DK": "denne forespørgsel er udført før, og svaret er slettet sammen med den person, det handlede om; intet er gjort igen",
		"SE": "denna begäran har utförts tidigare, och svaret raderades med personen det handlade om; inget har gjorts igen",
		"NO": "denne forespørselen er utført før, og svaret ble slettet sammen med personen det handlet om; ingenting er gjort igjen",
		"FR": "cette requête a déjà été traitée, et sa réponse a été effacée avec la personne concernée ; rien n'a été refait",
		"DE": "diese Anfrage wurde schon ausgeführt, und ihre Antwort wurde mit der Person gelöscht, von der sie sprach; nichts wurde noch einmal getan"})
	InternalError = Declare(9, "INTERNAL", Internal, Text{
		"EN": "internal error", "DK": "intern fejl", "SE": "internt fel",
		"NO": "intern feil", "FR": "erreur interne", "DE": "interner Fehler"})
)
