// Package hookpoints embeds the hookpoint folders we ship. Each is data, a
// contract.xml and a workflow.star; a site's own folders lie over them. No list of values
// stands in two contracts: what they share is in types.xml.
package hookpoints

import "embed"

// Folders holds one folder per hookpoint key, and types.xml beside them.
//
//go:embed types.xml */contract.xml */workflow.star
var Folders embed.FS
