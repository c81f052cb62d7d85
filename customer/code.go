package customer

import "rator/failure"

// What the operations on customers can fail with: 150 to 299. First what is
// not there.
var (
	UnknownAccount = failure.Declare(150, "UNKNOWN_ACCOUNT", failure.NotFound, failure.Text{
		"EN": "unknown account", "DK": "ukendt konto", "SE": "okänt konto",
		"NO": "ukjent konto", "FR": "compte inconnu", "DE": "unbekanntes Kundenkonto"})
	UnknownUser = failure.Declare(151, "UNKNOWN_USER", failure.NotFound, failure.Text{
		"EN": "unknown user", "DK": "ukendt bruger", "SE": "okänd användare",
		"NO": "ukjent bruker", "FR": "utilisateur inconnu", "DE": "unbekannter Benutzer"})
	UnknownBillingGroup = failure.Declare(152, "UNKNOWN_BILLING_GROUP", failure.NotFound, failure.Text{
		"EN": "unknown billing group", "DK": "ukendt faktureringsgruppe", "SE": "okänd faktureringsgrupp",
		"NO": "ukjent faktureringsgruppe", "FR": "groupe de facturation inconnu", "DE": "unbekannte Rechnungsgruppe"})
	UnknownSubscription = failure.Declare(153, "UNKNOWN_SUBSCRIPTION", failure.NotFound, failure.Text{
		"EN": "unknown subscription", "DK": "ukendt abonnement", "SE": "okänt abonnemang",
		"NO": "ukjent abonnement", "FR": "abonnement inconnu", "DE": "unbekannter Vertrag"})
	UnknownService = failure.Declare(154, "UNKNOWN_SERVICE", failure.NotFound, failure.Text{
		"EN": "unknown service", "DK": "ukendt tjeneste", "SE": "okänd tjänst",
		"NO": "ukjent tjeneste", "FR": "service inconnu", "DE": "unbekannter Dienst"})
	UnknownMembership = failure.Declare(155, "UNKNOWN_BILLING_GROUP_MEMBER", failure.NotFound, failure.Text{
		"EN": "the subscription is in no billing group", "DK": "abonnementet er ikke i en faktureringsgruppe", "SE": "abonnemanget är inte i någon faktureringsgrupp",
		"NO": "abonnementet er ikke i noen faktureringsgruppe", "FR": "l'abonnement n'est dans aucun groupe de facturation", "DE": "der Vertrag ist in keiner Rechnungsgruppe"})
	UnknownSubscribedOption = failure.Declare(156, "UNKNOWN_SUBSCRIBED_OPTION", failure.NotFound, failure.Text{
		"EN": "the subscription does not have this option", "DK": "abonnementet har ikke dette tilvalg", "SE": "abonnemanget har inte detta tillval",
		"NO": "abonnementet har ikke dette tilvalget", "FR": "l'abonnement n'a pas cette option", "DE": "der Vertrag hat diese Option nicht"})
	UnknownRechargeTicket = failure.Declare(157, "UNKNOWN_RECHARGE_TICKET", failure.NotFound, failure.Text{
		"EN": "the billing group has no recharge ticket", "DK": "faktureringsgruppen har ingen optankningsbillet", "SE": "faktureringsgruppen har ingen laddningsbiljett",
		"NO": "faktureringsgruppen har ingen påfyllingsbillett", "FR": "le groupe de facturation n'a pas de ticket de recharge", "DE": "die Rechnungsgruppe hat kein Aufladeticket"})
	UnknownNumberPorting = failure.Declare(158, "UNKNOWN_NUMBER_PORTING", failure.NotFound, failure.Text{
		"EN": "unknown number porting", "DK": "ukendt nummerportering", "SE": "okänd nummerportering",
		"NO": "ukjent nummerportering", "FR": "portage de numéro inconnu", "DE": "unbekannte Rufnummernportierung"})
	UnknownCustomer = failure.Declare(159, "UNKNOWN_CUSTOMER", failure.NotFound, failure.Text{
		"EN": "unknown customer", "DK": "ukendt kunde", "SE": "okänd kund",
		"NO": "ukjent kunde", "FR": "client inconnu", "DE": "unbekannter Kunde"})
)

// What is there already.
var (
	UsernameNotUnique = failure.Declare(170, "USERNAME_NOT_UNIQUE", failure.Conflict, failure.Text{
		"EN": "username is not unique", "DK": "brugernavnet er optaget", "SE": "användarnamnet är upptaget",
		"NO": "brukernavnet er opptatt", "FR": "le nom d'utilisateur est déjà pris", "DE": "der Benutzername ist vergeben"}).Verbatim()
	BillingGroupNameNotUnique = failure.Declare(171, "BILLING_GROUP_NAME_NOT_UNIQUE", failure.Conflict, failure.Text{
		"EN": "the account has a billing group of that name", "DK": "kontoen har en faktureringsgruppe med det navn", "SE": "kontot har en faktureringsgrupp med det namnet",
		"NO": "kontoen har en faktureringsgruppe med det navnet", "FR": "le compte a déjà un groupe de facturation de ce nom", "DE": "das Kundenkonto hat schon eine Rechnungsgruppe dieses Namens"})
	CustomerNumberTaken = failure.Declare(172, "CUSTOMER_NUMBER_TAKEN", failure.Conflict, failure.Text{
		"EN": "the customer number is taken", "DK": "kundenummeret er optaget", "SE": "kundnumret är upptaget",
		"NO": "kundenummeret er opptatt", "FR": "le numéro de client est déjà pris", "DE": "die Kundennummer ist vergeben"})
	AlreadyMember = failure.Declare(174, "ALREADY_IN_BILLING_GROUP", failure.Conflict, failure.Text{
		"EN": "the subscription is in a billing group already", "DK": "abonnementet er allerede i en faktureringsgruppe", "SE": "abonnemanget är redan i en faktureringsgrupp",
		"NO": "abonnementet er allerede i en faktureringsgruppe", "FR": "l'abonnement est déjà dans un groupe de facturation", "DE": "der Vertrag ist schon in einer Rechnungsgruppe"})
	OptionTaken = failure.Declare(175, "OPTION_ALREADY_SUBSCRIBED", failure.Conflict, failure.Text{
		"EN": "the subscription has this option already", "DK": "abonnementet har allerede dette tilvalg", "SE": "abonnemanget har redan detta tillval",
		"NO": "abonnementet har allerede dette tilvalget", "FR": "l'abonnement a déjà cette option", "DE": "der Vertrag hat diese Option schon"})
	RechargeTicketExists = failure.Declare(176, "RECHARGE_TICKET_EXISTS", failure.Conflict, failure.Text{
		"EN": "the billing group has a recharge ticket already", "DK": "faktureringsgruppen har allerede en optankningsbillet", "SE": "faktureringsgruppen har redan en laddningsbiljett",
		"NO": "faktureringsgruppen har allerede en påfyllingsbillett", "FR": "le groupe de facturation a déjà un ticket de recharge", "DE": "die Rechnungsgruppe hat schon ein Aufladeticket"})
)

// What does not fit together.
var (
	WrongAccount = failure.Declare(190, "WRONG_ACCOUNT", failure.Conflict, failure.Text{
		"EN": "the objects belong to different accounts", "DK": "objekterne tilhører forskellige konti", "SE": "objekten tillhör olika konton",
		"NO": "objektene tilhører forskjellige kontoer", "FR": "les objets appartiennent à des comptes différents", "DE": "die Objekte gehören zu verschiedenen Kundenkonten"})
	WrongState = failure.Declare(191, "WRONG_STATE", failure.Conflict, failure.Text{
		"EN": "the state does not allow this", "DK": "tilstanden tillader ikke dette", "SE": "tillståndet tillåter inte detta",
		"NO": "tilstanden tillater ikke dette", "FR": "l'état ne le permet pas", "DE": "der Zustand lässt das nicht zu"})
	WrongPassword = failure.Declare(192, "WRONG_PASSWORD", failure.Denied, failure.Text{
		"EN": "login or password is wrong", "DK": "login eller adgangskode er forkert", "SE": "inloggning eller lösenord är fel",
		"NO": "innlogging eller passord er feil", "FR": "identifiant ou mot de passe incorrect", "DE": "Anmeldename oder Passwort ist falsch"})
	PasswordNotHashed = failure.Declare(193, "PASSWORD_NOT_HASHED", failure.Internal, failure.Text{
		"EN": "the password did not come as a hash", "DK": "adgangskoden kom ikke som hash", "SE": "lösenordet kom inte som hash",
		"NO": "passordet kom ikke som hash", "FR": "le mot de passe n'a pas été haché", "DE": "das Passwort kam nicht als Hash"})
	WrongBillingGroupType = failure.Declare(194, "WRONG_BILLING_GROUP_TYPE", failure.Conflict, failure.Text{
		"EN": "the product is billed in another way than the billing group", "DK": "produktet faktureres anderledes end faktureringsgruppen", "SE": "produkten faktureras på annat sätt än faktureringsgruppen",
		"NO": "produktet faktureres annerledes enn faktureringsgruppen", "FR": "le produit n'est pas facturé comme le groupe de facturation", "DE": "das Produkt wird anders abgerechnet als die Rechnungsgruppe"})
	WrongServiceType = failure.Declare(195, "WRONG_SERVICE_TYPE", failure.Conflict, failure.Text{
		"EN": "the product has no such service", "DK": "produktet har ikke denne tjeneste", "SE": "produkten har ingen sådan tjänst",
		"NO": "produktet har ikke denne tjenesten", "FR": "le produit n'a pas ce service", "DE": "das Produkt hat keinen solchen Dienst"})
	NoService = failure.Declare(196, "NO_SERVICE", failure.Conflict, failure.Text{
		"EN": "a subscription needs a service", "DK": "et abonnement skal have en tjeneste", "SE": "ett abonnemang måste ha en tjänst",
		"NO": "et abonnement må ha en tjeneste", "FR": "un abonnement doit avoir un service", "DE": "ein Vertrag braucht einen Dienst"})
	IncompleteCustomer = failure.Declare(197, "INCOMPLETE_CUSTOMER", failure.Conflict, failure.Text{
		"EN": "the customer is not complete", "DK": "kunden er ikke komplet", "SE": "kunden är inte komplett",
		"NO": "kunden er ikke komplett", "FR": "le client n'est pas complet", "DE": "der Kunde ist nicht vollständig"})
)

// What hangs on a subscription: orders, shared services.
var (
	UnknownOrder = failure.Declare(210, "UNKNOWN_ORDER", failure.NotFound, failure.Text{
		"EN": "unknown order", "DK": "ukendt ordre", "SE": "okänd order",
		"NO": "ukjent ordre", "FR": "commande inconnue", "DE": "unbekannte Bestellung"})
	UnknownSharedService = failure.Declare(211, "UNKNOWN_SHARED_SERVICE", failure.NotFound, failure.Text{
		"EN": "unknown shared service", "DK": "ukendt delt tjeneste", "SE": "okänd delad tjänst",
		"NO": "ukjent delt tjeneste", "FR": "service partagé inconnu", "DE": "unbekannter geteilter Dienst"})
	UnknownSharedServiceMember = failure.Declare(212, "UNKNOWN_SHARED_SERVICE_MEMBER", failure.NotFound, failure.Text{
		"EN": "the shared service has no such member", "DK": "den delte tjeneste har ikke dette medlem", "SE": "den delade tjänsten har ingen sådan medlem",
		"NO": "den delte tjenesten har ikke dette medlemmet", "FR": "le service partagé n'a pas ce membre", "DE": "der geteilte Dienst hat kein solches Mitglied"})
	OrderPending = failure.Declare(215, "ORDER_PENDING", failure.Conflict, failure.Text{
		"EN": "an order of the subscription is not done yet", "DK": "en ordre på abonnementet er ikke afsluttet", "SE": "en order på abonnemanget är inte slutförd",
		"NO": "en ordre på abonnementet er ikke fullført", "FR": "une commande de l'abonnement n'est pas terminée", "DE": "eine Bestellung zum Vertrag ist noch nicht erledigt"})
	AlreadySharedServiceMember = failure.Declare(217, "ALREADY_SHARED_SERVICE_MEMBER", failure.Conflict, failure.Text{
		"EN": "the shared service has this member already", "DK": "den delte tjeneste har allerede dette medlem", "SE": "den delade tjänsten har redan denna medlem",
		"NO": "den delte tjenesten har allerede dette medlemmet", "FR": "le service partagé a déjà ce membre", "DE": "der geteilte Dienst hat dieses Mitglied schon"})
	NoTargetObject = failure.Declare(218, "NO_TARGET_OBJECT", failure.Invalid, failure.Text{
		"EN": "no object to share the service with", "DK": "intet objekt at dele tjenesten med", "SE": "inget objekt att dela tjänsten med",
		"NO": "ingen objekt å dele tjenesten med", "FR": "aucun objet avec lequel partager le service", "DE": "kein Objekt, mit dem der Dienst zu teilen wäre"})
	SharedWithItself = failure.Declare(219, "SHARED_WITH_ITSELF", failure.Conflict, failure.Text{
		"EN": "a shared service cannot be shared with its own subscription", "DK": "en delt tjeneste kan ikke deles med sit eget abonnement", "SE": "en delad tjänst kan inte delas med sitt eget abonnemang",
		"NO": "en delt tjeneste kan ikke deles med sitt eget abonnement", "FR": "un service partagé ne peut être partagé avec son propre abonnement", "DE": "ein geteilter Dienst ist nicht mit seinem eigenen Vertrag teilbar"})
	PortDateOutOfRange = failure.Declare(220, "PORT_DATE_OUT_OF_RANGE", failure.Invalid, failure.Text{
		"EN": "the port date is past or too far away", "DK": "porteringsdatoen er passeret eller ligger for langt væk", "SE": "porteringsdatumet har passerat eller ligger för långt fram",
		"NO": "porteringsdatoen er passert eller for langt frem", "FR": "la date de portage est passée ou trop éloignée", "DE": "das Portierungsdatum ist vorbei oder zu weit weg"})
	StolenDateOutOfRange = failure.Declare(221, "STOLEN_DATE_OUT_OF_RANGE", failure.Invalid, failure.Text{
		"EN": "the stolen date lies in the future or too far back", "DK": "tyveridatoen ligger i fremtiden eller for langt tilbage", "SE": "stölddatumet ligger i framtiden eller för långt tillbaka",
		"NO": "tyveridatoen ligger i fremtiden eller for langt tilbake", "FR": "la date du vol est dans le futur ou trop ancienne", "DE": "das Diebstahldatum liegt in der Zukunft oder zu weit zurück"})
	NoPhoneLine = failure.Declare(224, "NO_PHONE_LINE", failure.Conflict, failure.Text{
		"EN": "the subscription has no phone line", "DK": "abonnementet har ingen telefonlinje", "SE": "abonnemanget har ingen telefonlinje",
		"NO": "abonnementet har ingen telefonlinje", "FR": "l'abonnement n'a pas de ligne téléphonique", "DE": "der Vertrag hat keinen Telefonanschluss"})
)

// What the end and second life of subscriptions and accounts can fail with: 257 to 269.
var (
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

// CardNumberRefused is told of a text that holds what looks like the number of a
// payment card, or the data of its tracks (security.md, "Card data"). Its detail is
// where the text stands, never the text.
var CardNumberRefused = failure.Declare(430, "CARD_NUMBER_REFUSED", failure.Invalid, failure.Text{
	"EN": "card numbers are not accepted, send a ticket", "DK": "kortnumre modtages ikke, send en billet", "SE": "kortnummer tas inte emot, skicka en biljett",
	"NO": "kortnumre tas ikke imot, send en billett", "FR": "les numéros de carte ne sont pas acceptés, envoyez un ticket", "DE": "Kartennummern werden nicht angenommen, senden Sie ein Ticket"})
