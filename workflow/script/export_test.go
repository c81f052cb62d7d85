package script

// Slowness is for tests of the walls.
const Slowness = slowness
