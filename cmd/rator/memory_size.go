package main

// memorySize is a size, or auto: as the machine has it.
type memorySize byteSize

const autoMemory = "auto"

// UnmarshalText reads auto, which is 0, or what byteSize reads.
func (m *memorySize) UnmarshalText(text []byte) error {
	if string(text) == autoMemory {
		*m = 0
		return nil
	}
	return (*byteSize)(m).UnmarshalText(text)
}

// String is what UnmarshalText reads.
func (m memorySize) String() string {
	if m == 0 {
		return autoMemory
	}
	return byteSize(m).String()
}
