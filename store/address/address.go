// Package address tells a store in a database, which an address names, from one in a file.
// Nobody else looks at that; it opens nothing.
package address

import (
	"net/url"
	"regexp"
	"strings"
)

// Is says whether a store's name is an address: postgres://… or postgresql://….
func Is(store string) bool {
	return strings.HasPrefix(store, "postgres://") || strings.HasPrefix(store, "postgresql://")
}

// hidden stands where a password stood.
const hidden = "***"

// What finds passwords in an address that cannot be read.
var (
	login   = regexp.MustCompile(`(//[^:/@]*:).*@`)
	setting = regexp.MustCompile(`(?i)(password=)[^&]*`)
)

// Shown is a store's name as people may see it: an address without its passwords. A file is
// shown as it is.
func Shown(store string) string {
	if !Is(store) {
		return store
	}
	u, err := url.Parse(store)
	if err != nil {
		return setting.ReplaceAllString(login.ReplaceAllString(store, "${1}"+hidden+"@"), "${1}"+hidden)
	}
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), hidden)
	}
	said := strings.Split(u.RawQuery, "&")
	for n, one := range said {
		if name, _, ok := strings.Cut(one, "="); ok && strings.Contains(strings.ToLower(name), "password") {
			said[n] = name + "=" + hidden
		}
	}
	u.RawQuery = strings.Join(said, "&")
	return strings.ReplaceAll(u.String(), "%2A%2A%2A", hidden)
}
