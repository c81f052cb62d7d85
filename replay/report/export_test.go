package report

// Percent is what the report writes of a share.
func (s Share) Percent() float64 { return s.percent() }
