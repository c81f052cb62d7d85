package doctor

// check is one thing that goes wrong in installations. It finds something each time, be
// it that all is well; or nothing, where there is nothing to look at.
type check struct {
	name string
	look func(*Installation) []found
	mend string // {} = what it was found of
}

type found struct {
	grave Grave
	of    string // a file, an operator, an id
	what  string
}

// checks are all of them, in the order in which they are told.
var checks = []check{
	{"settings", settings, "mend it: rator config shows each setting and where it came from"},
	{"weak setting", weakSettings, "leave {} out, unless you know why it is there"},
	{"store", storeAnswers, "{}"},
	{"server", serverWell, "systemctl restart rator, or end it and start it again; its log says more"},
	{"clock", clockBehind, "set the clock: timedatectl set-ntp true"},
	{"zone", zoneMoved, "name the zone: --time-zone {}"},
	{"test clock", testClock, "never serve customers from it: rator serve --store FILE makes a store with the real time"},
	{"disk", diskRoom, "make room on the disk of {}, or move it to a larger one"},
	{"private files", privateFiles, "chmod go-rwx {}"},
	{"trusted files", trustedFiles, "chmod go-w {}"},
	{"certificate", certificateEnds, "renew {}, then systemctl reload rator, or kill -HUP"},
	{"key of PINs", keyOfPINs, "bring {} back from its copy before the next start, or name it with --tmf-pin-key"},
	{"plain HTTP", plainHTTP, "give the server a certificate (--tls-cert, --tls-key), or listen on loopback behind a proxy that has TLS"},
	{"metrics", plainMetrics, "--metrics-listen on loopback or on an address that only your scraper reaches"},
	{"demo operator", demoOperators, "rator operator passwd {}, or rator operator disable {}"},
	{"operators", someOperator, "rator operator add NAME --right 'SOAP_*'"},
	{"trusted networks", wideTrust, "make another operator with narrower --trust, then rator operator disable {}"},
	{"acting for others", actsForAll, "say whom it may act for: rator operator act-for {} NAME"},
	{"catalogue", someBrand, "rator catalogue new catalogue.toml, then rator catalogue import catalogue.toml"},
	{"hubs", hubsBehind, "see to its listener, then rator hub resume {} where it is suspended, or rator hub remove {}"},
	{"webhooks", webhooksBehind, "see to its receiver, then rator webhook resume {} where it is suspended, or rator webhook remove {}"},
	{"backups", backupsAge, "rator backup into {} each day, as by a timer; rator verify looks at one"},
}

// one is a single finding.
func one(grave Grave, of, what string) []found { return []found{{grave, of, what}} }

// wellOr are the findings, or that all is well.
func wellOr(all []found, what string) []found {
	if len(all) == 0 {
		return one(OK, "", what)
	}
	return all
}
