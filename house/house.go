// Package house holds the rules that the whole project keeps, as tests: which room
// imports which, how long a file may be. It has no code that runs.
package house
