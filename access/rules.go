package access

import (
	"net/netip"
	"path"
	"regexp"
	"slices"
)

var (
	nameRule  = regexp.MustCompile(`^[A-Za-z0-9._-]{2,32}$`)
	rightRule = regexp.MustCompile(`^[A-Za-z0-9._*?\[\]^-]{1,128}$`)
	brandRule = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
)

func checkName(name string) error {
	if !nameRule.MatchString(name) {
		return BadOperatorName.With("%.40q; take 2 to 32 letters, digits, dots, underscores or hyphens", name)
	}
	return nil
}

func checkRight(pattern string) error {
	if !rightRule.MatchString(pattern) {
		return BadRight.With("%.140q; take letters, digits, _ and the wildcards * ? [a-z], as in SOAP_GET_*", pattern)
	}
	if _, err := path.Match(pattern, ""); err != nil {
		return BadRight.With("%q; close each [ with a ] and name something between them", pattern)
	}
	if right := houseArea(pattern); right != "" {
		return BadRight.With("%q; rights over the house are given by name only: name %s itself, and each other one that is meant", pattern, right)
	}
	return nil
}

func checkBrands(keys []string) error {
	if len(keys) == 0 {
		return BadBrand.With("none is given; name at least one brand key, or * for all")
	}
	for i, key := range keys {
		if key != Any && !brandRule.MatchString(key) {
			return BadBrand.With("%.70q; take a brand key of letters, digits and . _ -, or * for all", key)
		}
		if slices.Contains(keys[:i], key) {
			return BadBrand.With("%q is given twice; name it once", key)
		}
	}
	return nil
}

// parseNetwork reads a network (10.0.0.0/8) or a single address.
func parseNetwork(text string) (netip.Prefix, error) {
	network, err := netip.ParsePrefix(text)
	if err != nil {
		address, err := netip.ParseAddr(text)
		if err != nil || address.Zone() != "" {
			return netip.Prefix{}, BadCIDR.With("%.60q; write a network as 10.1.0.0/16 or an address as 10.1.2.3", text)
		}
		network = netip.PrefixFrom(address, address.BitLen())
	}
	if network.Addr().Is4In6() {
		return netip.Prefix{}, BadCIDR.With("%q; write the IPv4 network without ::ffff:", text)
	}
	if network != network.Masked() {
		return netip.Prefix{}, BadCIDR.With("%q has bits beyond its length; write %s or %s/%d", text,
			network.Masked(), network.Addr(), network.Addr().BitLen())
	}
	return network, nil
}
