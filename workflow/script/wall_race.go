//go:build race

package script

// slowness: the race detector makes scripts some ten times slower, and the walls are for
// programs without it.
const slowness = 10
