// Package hookpoints embeds the hookpoint folders we ship. Each is data, a
// contract.xml and a workflow.star; a site's own folders lie over them.
package hookpoints

import "embed"

// Folders holds one folder per hookpoint key.
//
//go:embed */contract.xml */workflow.star
var Folders embed.FS
