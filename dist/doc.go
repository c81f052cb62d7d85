// Package dist is how the program is packed: the unit for systemd, the Debian package,
// what is released. It has no code of its own; its tests hold the files against the
// program and the tools of the system.
package dist
