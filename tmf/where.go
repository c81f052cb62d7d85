package tmf

// Paths of attributes as problems name them, such as contactMedium[0].type.

// whereIs is a path as a sentence has it.
func whereIs(path string) string {
	if path == "" {
		return "the document"
	}
	return path
}

// below is the path of a member.
func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
