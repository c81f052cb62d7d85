//go:build !race

package script

// slowness is how many times longer calls may take than in a program without
// instruments.
const slowness = 1
