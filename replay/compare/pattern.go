package compare

// Pattern names places by their path: * stands for one step of any name, ** for any
// number of steps, a step without an index for all items of that name.
type Pattern struct {
	steps []string
}
