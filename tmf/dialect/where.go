package dialect

// Paths of attributes as problems name them, such as contactMedium[0].type.

// Where is a path as a sentence has it.
func Where(path string) string {
	if path == "" {
		return "the document"
	}
	return path
}

// Below is the path of a member.
func Below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
