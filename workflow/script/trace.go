package script

import (
	"rator/failure"
	"rator/workflow/value"
)

// traced does one step of the host: it charges a call, and keeps when it ran,
// for how long and how it came out. step is what an error calls it.
func (r *run) traced(step, name, kind string, do func() (value.Tree, error)) (value.Tree, error) {
	if err := r.budget.call(); err != nil {
		return nil, err
	}
	rt := r.runtime
	started := rt.Clock()
	at := len(rt.Trace)
	rt.Trace = append(rt.Trace, Step{Name: name, Kind: kind, Started: started.Sub(rt.started), Depth: len(r.budget.threads) - 1})
	out, err := do()
	rt.Trace[at].Duration = rt.Clock().Sub(started)
	if err != nil {
		rt.Trace[at].Outcome = outcome(err)
		return nil, &stepError{step, err}
	}
	return out, nil
}

// outcome is the name of err's code; an error without one is an internal one.
func outcome(err error) string {
	if code := failure.CodeOf(err); code != nil {
		return code.Name
	}
	return failure.InternalError.Name
}
