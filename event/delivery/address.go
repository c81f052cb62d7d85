package delivery

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
)

// mostAddress is the longest address of a subscriber, in bytes.
const mostAddress = 2048

// AddressError says what is wrong with the address of a subscriber. Its text goes on after
// the name of what holds it: "must be an absolute address, as http://host/path".
type AddressError struct{ says string }

func (e *AddressError) Error() string { return e.says }

// Check fails with an *AddressError for what is no address of a subscriber, and with a
// *DeniedError for one that is not allowed. A host whose addresses nobody knows at the
// moment passes: they are looked at whenever it is called.
func (c *Client) Check(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return &AddressError{"is mandatory"}
	case len(address) > mostAddress:
		return &AddressError{fmt.Sprintf("has more than %d bytes", mostAddress)}
	case err != nil || u.Hostname() == "" || !hostNameOrAddress(u.Hostname()):
		return &AddressError{"must be an absolute address, as http://host/path"}
	case u.Scheme != "http" && u.Scheme != "https":
		return &AddressError{fmt.Sprintf("must be an address of http or https, not of %.20s", u.Scheme)}
	case !portNumber(u.Port()):
		return &AddressError{fmt.Sprintf("must have a port from 1 to 65535, not %.20s", u.Port())}
	case u.User != nil:
		return &AddressError{"must not have credentials"}
	case u.Fragment != "":
		return &AddressError{"must not have a fragment"}
	}
	addresses, err := c.lookup(ctx, u.Hostname())
	if err != nil {
		return nil
	}
	return c.targets.check(u.Hostname(), addresses)
}

func hostNameOrAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || hostName.MatchString(host)
}

// portNumber reports whether a port, "" for none, is one that there is.
func portNumber(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}
