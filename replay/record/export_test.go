package record

import "net/url"

// Upstream is where requests go.
func (p *Proxy) Upstream() *url.URL { return p.options.To }
