package webhook

import "rator/failure"

// The ways to fail in looking after webhooks (485 to 489).
var (
	unknownWebhook = failure.Declare(485, "UNKNOWN_WEBHOOK", failure.NotFound, failure.Text{
		"EN": "there is no such webhook", "DK": "der findes ingen sådan webhook", "SE": "det finns ingen sådan webhook",
		"NO": "det finnes ingen slik webhook", "FR": "ce webhook n'existe pas", "DE": "diesen Webhook gibt es nicht"})
	badWebhook = failure.Declare(486, "BAD_WEBHOOK", failure.Invalid, failure.Text{
		"EN": "the webhook is not valid", "DK": "webhooken er ikke gyldig", "SE": "webhooken är inte giltig",
		"NO": "webhooken er ikke gyldig", "FR": "le webhook n'est pas valide", "DE": "der Webhook ist nicht gültig"})
	webhookExists = failure.Declare(487, "WEBHOOK_EXISTS", failure.Conflict, failure.Text{
		"EN": "there is such a webhook already", "DK": "der findes allerede en sådan webhook", "SE": "det finns redan en sådan webhook",
		"NO": "det finnes allerede en slik webhook", "FR": "ce webhook existe déjà", "DE": "es gibt schon einen solchen Webhook"})
	// targetDenied is told for an address to which the server may not post.
	targetDenied = failure.Declare(488, "WEBHOOK_TARGET_DENIED", failure.Denied, failure.Text{
		"EN": "the server may not post there", "DK": "serveren må ikke sende dertil", "SE": "servern får inte skicka dit",
		"NO": "serveren får ikke sende dit", "FR": "le serveur ne peut pas y envoyer", "DE": "der Server darf dorthin nichts senden"})
	// mayNotHear is told when the operator may not read events, or not those of a brand.
	mayNotHear = failure.Declare(489, "WEBHOOK_OPERATOR_DENIED", failure.Denied, failure.Text{
		"EN": "the webhook's operator may not be told that", "DK": "webhookens operatør må ikke få det at vide", "SE": "webhookens operatör får inte veta det",
		"NO": "webhookens operatør får ikke vite det", "FR": "l'opérateur du webhook ne peut pas en être informé", "DE": "der Operator des Webhooks darf das nicht erfahren"})
)
