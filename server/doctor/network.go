package doctor

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"time"
)

// loopback reports whether only this machine reaches an address.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

func plainHTTP(in *Installation) []found {
	switch {
	case in.TLSCert != "":
		return one(OK, "", "none: --listen "+in.Listen+" is HTTPS")
	case loopback(in.Listen):
		return one(OK, "", "--listen "+in.Listen+" is reached by this machine alone")
	}
	return one(Mistake, "", "--listen "+in.Listen+" is plain HTTP beyond this machine: passwords and customers can be read on the way")
}

func plainMetrics(in *Installation) []found {
	switch {
	case in.MetricsListen == "":
		return one(OK, "", "/metrics is on --listen, without a password")
	case loopback(in.MetricsListen):
		return one(OK, "", "--metrics-listen "+in.MetricsListen+" is reached by this machine alone")
	}
	return one(Warning, "", "--metrics-listen "+in.MetricsListen+" is plain HTTP without a password, beyond this machine")
}

// soon is how long before its end a certificate should be renewed: those of ACME are
// renewed a month before.
const soon = 21 * 24 * time.Hour

// certificateEnds looks at the server's certificate, its key and the CA of its clients.
func certificateEnds(in *Installation) []found {
	if in.TLSCert == "" {
		return nil
	}
	if _, err := tls.LoadX509KeyPair(in.TLSCert, in.TLSKey); err != nil {
		return one(Mistake, in.TLSCert, err.Error())
	}
	all := lasts(in.TLSCert, in.Now, 1)
	if in.ClientCA != "" {
		all = append(all, lasts(in.ClientCA, in.Now, -1)...)
	}
	return all
}

// lasts looks at the first most certificates of a file, -1 = all, and tells of the one that
// ends first.
func lasts(file string, now time.Time, most int) []found {
	text, err := os.ReadFile(file)
	if err != nil {
		return one(Mistake, file, err.Error())
	}
	var end *x509.Certificate
	for most != 0 {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return one(Mistake, file, fmt.Sprintf("%s: %v", file, err))
		}
		if end == nil || c.NotAfter.Before(end.NotAfter) {
			end = c
		}
		most--
	}
	if end == nil {
		return one(Mistake, file, file+" holds no certificate in PEM")
	}
	left := end.NotAfter.Sub(now)
	what := fmt.Sprintf("%s lasts until %s, %d days", file, end.NotAfter.UTC().Format(time.DateOnly), int(left.Hours()/24))
	switch {
	case now.Before(end.NotBefore):
		return one(Mistake, file, fmt.Sprintf("%s does not count before %s", file, end.NotBefore.UTC().Format(time.RFC3339)))
	case left <= 0:
		return one(Mistake, file, fmt.Sprintf("%s ended on %s", file, end.NotAfter.UTC().Format(time.RFC3339)))
	case left < soon:
		return one(Warning, file, what)
	}
	return one(OK, "", what)
}

// inner are addresses of this machine, and the one at which clouds give away keys.
var inner = []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1"), netip.MustParseAddr("169.254.169.254")}

// reachesInner reports whether subscribers may be where --hub-allow should never lead.
func reachesInner(allowed string) bool {
	if a, err := netip.ParseAddr(allowed); err == nil {
		return slices.Contains(inner, a)
	}
	network, err := netip.ParsePrefix(allowed)
	return allowed == "localhost" || err == nil && slices.ContainsFunc(inner, network.Contains)
}
