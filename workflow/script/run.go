package script

import (
	"errors"
	"slices"
	"time"

	"go.starlark.net/starlark"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// run is one run of one program.
type run struct {
	program *Program
	runtime *Runtime
	budget  *budget
	thread  *starlark.Thread
	zone    *time.Location
	answer  value.Tree // what run returned
}

const runKey = "run"

// runOf is the run a builtin is called in.
func runOf(thread *starlark.Thread) *run { return thread.Local(runKey).(*run) }

// Run runs the script's run(p) with p, a request that was checked against the
// contract, and gives the tree it returned, which is not checked yet. A program
// may run many times at once. Called by the Host of a call that is running, with
// its Runtime, it shares that call's budget.
//
// An error is an *Error that says where and wraps why: a *failure.Error when the
// business or the script's own fail refused, failure.WorkflowFailed when the
// script is at fault or used up its budget, and whatever else the Host returned.
func (p *Program) Run(runtime *Runtime, in value.Tree) (value.Tree, error) {
	outermost := runtime.budget == nil
	if outermost {
		runtime.budget = newBudget()
		runtime.started = runtime.Clock()
		runtime.budget.watch = runtime.watch(runtime.wall(p.contract))
		defer func() {
			runtime.budget.watch.end()
			runtime.budget = nil
		}()
	}
	r := &run{program: p, runtime: runtime, budget: runtime.budget, zone: runtime.Zone}
	if r.zone == nil {
		r.zone = time.UTC
	}
	r.thread = &starlark.Thread{Name: p.file}
	r.thread.SetLocal(budgetKey, r.budget)
	r.thread.SetLocal(runKey, r)
	if err := r.budget.enter(r.thread); err != nil {
		return nil, p.located(err)
	}
	defer r.budget.leave()
	return r.do(in)
}

func (r *run) do(in value.Tree) (value.Tree, error) {
	argument := &record{name: "p", tree: in, shape: r.program.request, run: r}
	if _, err := starlark.Call(r.thread, r.program.main, starlark.Tuple{argument}, nil); err != nil {
		return nil, r.program.located(errors.Join(err, r.budget.late))
	}
	return slices.Clip(r.answer), nil
}

// answer is return in run.
func answer(r *run, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	var declared []*contract.Value
	if r.program.contract != nil {
		declared = r.program.contract.Response
	}
	var err error
	r.answer, err = r.resultTree(args[0], declared)
	return starlark.None, err
}
