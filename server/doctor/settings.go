package doctor

import "slices"

func settings(in *Installation) []found {
	from := "flags and environment"
	if in.File != "" {
		from = in.File
	}
	if in.BadSettings != nil {
		return one(Mistake, "", from+": "+in.BadSettings.Error())
	}
	return one(OK, "", from+": a server starts with them")
}

// weakSettings finds what is for trials, or opens more than somebody may think.
func weakSettings(in *Installation) []found {
	var all []found
	weak := func(is bool, flag, what string) {
		if is {
			all = append(all, found{Warning, flag, flag + ": " + what})
		}
	}
	weak(in.Demo, "--demo", "everybody knows the password of the demo's operator")
	weak(in.LenientTokens, "--username-token lenient", "WS-Security headers that are old or were used before are taken")
	weak(slices.Contains(in.Origins, "*"), "--tmf-cors-origin *", "every page that somebody opens may ask")
	weak(in.TrustForwarded && !loopback(in.Listen), "--trust-forwarded", "who reaches --listen without the proxy says what address is published")
	for _, allowed := range in.HubAllow {
		weak(reachesInner(allowed), "--hub-allow "+allowed, "subscribers may have the server post to this machine, or to where a cloud gives away keys")
	}
	return wellOr(all, "none")
}
