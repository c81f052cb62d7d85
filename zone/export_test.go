package zone

// MachineOf is Machine of another machine.
var MachineOf = machine
