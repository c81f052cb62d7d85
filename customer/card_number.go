package customer

import "rator/failure"

// CardNumberRefused is told of a text that holds what looks like the number of a
// payment card, or the data of its tracks (security.md, "Card data"). Its detail is
// where the text stands, never the text.
var CardNumberRefused = failure.Declare(430, "CARD_NUMBER_REFUSED", failure.Invalid, failure.Text{
	"EN": "card numbers are not accepted, send a ticket", "DK": "kortnumre modtages ikke, send en billet", "SE": "kortnummer tas inte emot, skicka en biljett",
	"NO": "kortnumre tas ikke imot, send en billett", "FR": "les numéros de carte ne sont pas acceptés, envoyez un ticket", "DE": "Kartennummern werden nicht angenommen, senden Sie ein Ticket"})
