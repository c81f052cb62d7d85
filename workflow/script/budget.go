package script

import (
	"fmt"
	"time"

	"go.starlark.net/starlark"

	"rator/failure"
)

// What one call may use, over all programs it runs (workflow-scripts.md,
// "Bounded"). Starlark's own step limit does not bound memory, so everything
// that can grow by more than a constant in one step goes through a budget.
const (
	maxText     = 64 << 10  // bytes of one text
	maxItems    = 10_000    // items of one list or dict
	maxBits     = 512       // of one whole number
	maxDigits   = 154       // of one decimal, as many as 512 bits
	maxBytes    = 4 << 20   // in all
	maxSteps    = 20_000    // Starlark's
	maxCalls    = 300       // of components, hookpoints, events and notes
	maxDepth    = 8         // of hookpoints calling hookpoints
	maxNesting  = 8         // of values in an answer or an argument
	maxSource   = 256 << 10 // bytes of one script
	defaultWall = 250 * time.Millisecond
	maxWall     = 500 * time.Millisecond
)

// budget is what is left for one call.
type budget struct {
	bytes   int64
	calls   int
	work    int // since the last step it was charged as
	threads []*starlark.Thread
	watch   *watch // nil = its time is not bounded
	late    error  // failure.TryAgain, when the call's time was over between two of its calls
}

func newBudget() *budget { return &budget{bytes: maxBytes, calls: maxCalls} }

// thread is the innermost running one.
func (b *budget) thread() *starlark.Thread { return b.threads[len(b.threads)-1] }

// enter makes thread the innermost one, its steps counted on from the outer's.
func (b *budget) enter(thread *starlark.Thread) error {
	if len(b.threads) == maxDepth {
		return fmt.Errorf("hookpoints call each other more than %d deep", maxDepth)
	}
	if len(b.threads) > 0 {
		thread.Steps = b.thread().Steps
	}
	thread.OnMaxSteps = b.counted
	b.counted(thread)
	b.threads = append(b.threads, thread)
	return nil
}

// someSteps is how many steps a script takes between two looks at its time.
const someSteps = 1000

// counted is called when a thread has taken some steps more, or all.
func (b *budget) counted(thread *starlark.Thread) {
	if thread.Steps >= maxSteps {
		thread.Cancel(tooManySteps)
		return
	}
	if err := b.watch.check(); err != nil {
		if failure.CodeOf(err) != nil {
			b.late = err
		}
		thread.Cancel(err.Error())
	}
	thread.SetMaxExecutionSteps(min(thread.Steps+someSteps, maxSteps))
}

// leave goes back to the outer thread.
func (b *budget) leave() {
	last := len(b.threads) - 1
	if last > 0 {
		b.threads[last-1].Steps = b.threads[last].Steps
	}
	b.threads = b.threads[:last]
}

const (
	tooManySteps = "the workflow took more than 20000 steps"
	tooLong      = "the workflow took too long"
)

// take charges n bytes.
func (b *budget) take(n int) error {
	if b.bytes -= int64(n); b.bytes < 0 {
		return fmt.Errorf("the workflow used more than %d MiB of memory", maxBytes>>20)
	}
	return nil
}

// spend charges work that Starlark counts as one step, such as comparing the
// items of a list: eight of them are one step.
func (b *budget) spend(n int) error {
	b.work += n
	thread := b.thread()
	thread.Steps += uint64(b.work / 8)
	b.work %= 8
	if thread.Steps >= maxSteps {
		return fmt.Errorf("%s", tooManySteps)
	}
	return nil
}

// call charges one call of the host.
func (b *budget) call() error {
	if b.calls--; b.calls < 0 {
		return fmt.Errorf("the workflow made more than %d calls", maxCalls)
	}
	return b.watch.check()
}

// text charges a text of n bytes.
func (b *budget) text(n int) error {
	if n > maxText {
		return fmt.Errorf("a text of %d bytes is longer than %d", n, maxText)
	}
	return b.take(n)
}

// list charges a list of n items that it takes n times work to make.
func (b *budget) list(n int) error {
	if n > maxItems {
		return fmt.Errorf("a list of %d items is longer than %d", n, maxItems)
	}
	if err := b.spend(n); err != nil {
		return err
	}
	return b.take(n * 16)
}

const budgetKey = "budget"

// budgetOf is the budget a builtin runs on.
func budgetOf(thread *starlark.Thread) *budget { return thread.Local(budgetKey).(*budget) }
