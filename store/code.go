package store

import "rator/failure"

// changed is what a caller is told whose record was changed meanwhile.
var changed = failure.Declare(100, "CHANGED_MEANWHILE", failure.Conflict, failure.Text{
	"EN": "the object was changed meanwhile", "DK": "objektet er ændret i mellemtiden", "SE": "objektet har ändrats under tiden",
	"NO": "objektet er endret i mellomtiden", "FR": "l'objet a été modifié entre-temps", "DE": "das Objekt wurde inzwischen geändert"})

// Full is the Code of an Update that found no room on the disk. Nothing of it is
// kept; reads go on, and writes are taken again once there is room.
var Full = failure.Declare(101, "STORE_FULL", failure.Busy, failure.Text{
	"EN": "the server has no room to store this", "DK": "serveren har ikke plads til at gemme dette", "SE": "servern har inte plats att spara detta",
	"NO": "serveren har ikke plass til å lagre dette", "FR": "le serveur n'a plus de place pour enregistrer ceci", "DE": "der Server hat keinen Platz, um dies zu speichern"})
