package dialect

// The media types of bodies, without parameters (tmf-customer.md 2).
const (
	JSON       = "application/json"
	MergePatch = "application/merge-patch+json"
	JSONPatch  = "application/json-patch+json"
)
