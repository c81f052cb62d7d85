package access

import (
	"encoding/base64"
	"time"

	"rator/failure"
)

// Security is what a WS-Security header says beside name and password, as it was
// sent (Web Services Security: SOAP Message Security 1.1, UsernameToken Profile
// 1.1). "" is what is not there or empty.
type Security struct {
	Nonce, Created  string // of the UsernameToken: base64, and an xs:dateTime
	Issued, Expires string // Created and Expires of the wsu:Timestamp: xs:dateTime
}

// How old a token, or a message whose Timestamp names no end, may be, and how far
// the caller's clock may be ahead of ours.
const (
	tokenAge   = 300 * time.Second
	tokenAhead = 60 * time.Second
)

// CheckSecurity holds what a WS-Security header says against the clock and against
// the tokens that the operator, whose password was right, has used before. It fails
// with BadTimestamp, MessageExpired, BadToken, StaleToken or UsedToken, or with
// failure.TryAgain where the tokens of other servers cannot be asked for; where the
// operator is not held to it, it tells GuardConfig.Tolerated instead. A token
// without Nonce and Created passes: most clients send neither. asked names what is
// asked for where that is done once however often it comes: it may come again with
// its token; "" may not.
func (g *Guard) CheckSecurity(o *Operator, s Security, asked string) error {
	now := g.config.Now()
	for _, err := range [...]error{checkTimestamp(s, now), g.checkToken(o, s, asked, now)} {
		switch {
		case err == nil:
		case o.StrictTokens && !g.config.LenientTokens:
			return err
		default:
			g.config.Tolerated(o.Name, failure.CodeOf(err))
		}
	}
	return nil
}

func checkTimestamp(s Security, now time.Time) error {
	var issued, expires time.Time
	for _, part := range [...]struct {
		name, text string
		at         *time.Time
	}{{"Created", s.Issued, &issued}, {"Expires", s.Expires, &expires}} {
		if part.text == "" {
			continue
		}
		var ok bool
		if *part.at, ok = instant(part.text); !ok {
			return BadTimestamp.With("%s %.40q is not a time such as 2026-01-02T03:04:05Z", part.name, part.text)
		}
	}
	switch {
	case issued.After(now.Add(tokenAhead)):
		return BadTimestamp.With("Created is %s, and here it is %s: set the clock of the machine that sends", shown(issued), shown(now))
	case s.Expires != "" && !expires.After(issued):
		return BadTimestamp.With("it expires before it was created")
	case s.Expires != "" && !now.Before(expires):
		return MessageExpired.With("at %s, and here it is %s", shown(expires), shown(now))
	case s.Expires == "" && s.Issued != "" && issued.Before(now.Add(-tokenAge)):
		return MessageExpired.With("Created is %s without Expires, and here it is %s", shown(issued), shown(now))
	}
	return nil
}

func (g *Guard) checkToken(o *Operator, s Security, asked string, now time.Time) error {
	if s.Created == "" {
		if s.Nonce != "" {
			return BadToken.With("it has a Nonce and no Created: send both, or neither")
		}
		return nil
	}
	created, ok := instant(s.Created)
	switch {
	case !ok:
		return BadToken.With("Created %.40q is not a time such as 2026-01-02T03:04:05Z", s.Created)
	case created.Before(now.Add(-tokenAge)), created.After(now.Add(tokenAhead)):
		return StaleToken.With("Created is %s, and here it is %s: it may be %d s old and %d s ahead", shown(created), shown(now),
			int(tokenAge.Seconds()), int(tokenAhead.Seconds()))
	case s.Nonce == "":
		return nil
	}
	nonce, err := base64.StdEncoding.DecodeString(s.Nonce)
	// Of what decodes to the same bytes only one writing counts.
	if err != nil || base64.StdEncoding.EncodeToString(nonce) != s.Nonce {
		return BadToken.With("the Nonce is not base64")
	}
	if g.config.Nonces != nil {
		return useShared(g.config.Nonces, o.ID, nonce, asked, created)
	}
	return g.nonces.use(o.ID, nonce, asked, created, now)
}

// instant reads an xs:dateTime; without a zone it is UTC, as WS-Security wants it.
func instant(text string) (t time.Time, ok bool) {
	for _, zone := range [...]string{"", "Z"} {
		if t.UnmarshalText([]byte(text+zone)) == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func shown(t time.Time) string { return t.UTC().Format(time.RFC3339) }
