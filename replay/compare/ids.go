package compare

// IDs keeps which live value stands for which recorded one during one playing of a
// scenario. One recorded value stands for one live value, and the other way round.
type IDs struct {
	live     map[string]string // by the recorded value
	recorded map[string]string // by the live value
	volatile map[string]string // values of volatile keys, live by recorded
	named    map[string]bool   // what the caller chose himself
}

// Learn notes that live came where recorded is expected. It is false when one of
// the two stands for something else already.
func (ids *IDs) Learn(recorded, live string) bool {
	if ids.live == nil {
		ids.live, ids.recorded = map[string]string{}, map[string]string{}
	}
	l, known := ids.live[recorded]
	r, taken := ids.recorded[live]
	if known || taken {
		return l == live && r == recorded
	}
	ids.live[recorded], ids.recorded[live] = live, recorded
	return true
}

// Live is the value that stands for a recorded one.
func (ids *IDs) Live(recorded string) (live string, ok bool) {
	live, ok = ids.live[recorded]
	return live, ok
}
