package delivery

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// Where a subscriber is, a stranger chose, so a server that posts there must not be led
// into networks that the stranger cannot reach.

// Targets say where subscribers may be.
type Targets struct {
	public   bool
	loopback bool
	networks []netip.Prefix
	hosts    []string
}

// public is the name that stands for every address of the open internet.
const public = "public"

// NewTargets reads an allow-list of networks (10.0.0.0/8), addresses, host names
// and the word public. Nothing that it does not name is a target; without a list
// it is what is public. With demo the machine itself is a target, too.
func NewTargets(allow []string, demo bool) (*Targets, error) {
	t := &Targets{public: len(allow) == 0, loopback: demo}
	for _, text := range allow {
		network, err := netip.ParsePrefix(text)
		address, notAddress := netip.ParseAddr(strings.Trim(text, "[]"))
		switch {
		case text == public:
			t.public = true
		case err == nil:
			t.networks = append(t.networks, network.Masked())
		case notAddress == nil:
			t.networks = append(t.networks, netip.PrefixFrom(address, address.BitLen()))
		case hostName.MatchString(text) && !strings.Contains(text, ":"):
			t.hosts = append(t.hosts, tidyHost(text))
		default:
			return nil, fmt.Errorf("%q is neither a network (10.0.0.0/8), an address, a host name nor %q", text, public)
		}
	}
	return t, nil
}

// hostName is how names of hosts look, with or without the dot at the end.
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9.])?$`)

func tidyHost(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// DeniedError says that an address is no target.
type DeniedError struct {
	host    string
	address netip.Addr
}

func (e *DeniedError) Error() string {
	return fmt.Sprintf("listeners may not be at %s (%s); the server's --hub-allow says where they may be", e.host, e.address)
}

// check fails with a *DeniedError when one of the addresses that a host has is
// none that subscribers may have.
func (t *Targets) check(host string, addresses []netip.Addr) error {
	named := slices.Contains(t.hosts, tidyHost(host))
	for _, a := range addresses {
		if a = a.Unmap(); !t.allows(a) && (!named || a.IsUnspecified() || a.IsMulticast()) {
			return &DeniedError{host, a}
		}
	}
	return nil
}

func (t *Targets) allows(a netip.Addr) bool {
	a = a.WithZone("")
	inside := func(p netip.Prefix) bool { return p.Contains(a) }
	switch {
	case slices.ContainsFunc(t.networks, inside):
		return true
	case a.IsLoopback():
		return t.loopback
	}
	return t.public && a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(reserved, inside) && t.allowsInner(a)
}

// reserved are networks that are not of the open internet (RFC 6890), besides
// those that netip knows.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("fec0::/10"), netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("::/96"),
}

var (
	nat64   = netip.MustParsePrefix("64:ff9b::/96")
	sixToIV = netip.MustParsePrefix("2002::/16")
)

// allowsInner looks at the IPv4 address that some IPv6 addresses lead to.
func (t *Targets) allowsInner(a netip.Addr) bool {
	b := a.As16()
	switch {
	case nat64.Contains(a):
		return t.allows(netip.AddrFrom4([4]byte(b[12:])))
	case sixToIV.Contains(a):
		return t.allows(netip.AddrFrom4([4]byte(b[2:6])))
	}
	return true
}
