//go:build !race

package suite

// raced tells whether the race detector is in this program.
const raced = false
