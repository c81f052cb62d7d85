package access

// System is the operator as which the server itself calls what is due. Its name is
// one that no operator can have, so no password belongs to it and no request id of
// a caller is ever taken for one of its.
func System() *Operator {
	return &Operator{Name: "(system)", Brands: []string{Any}, Rights: []string{"*"}, Enabled: true}
}
