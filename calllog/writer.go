package calllog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// blockBytes is how much of messages is written at once when calls come fast.
const blockBytes = 256 << 10

// writer is the one goroutine that changes the folder.
type writer struct {
	log      *Log
	config   Config
	segments []kept // oldest first; the last is written to while file is open
	file     *os.File
	next     uint64 // calls written since the start; numbers go on over segments

	about, messages []byte // of the block that grows
	calls           int
	firstAt         time.Time
	told            int64 // lost calls that blocks tell of
	squeezer        squeezer
	texts           map[string]string // short ones that come again and again, masked
	forgotten       []forgotten
	failing         bool // the last write failed and the log knows
}

// run writes what waits from time to time, not call by call: to wake it costs a
// caller more than to hand over a call.
func (w *writer) run() {
	defer close(w.log.done)
	due := time.NewTicker(w.config.Wait)
	minute := time.NewTicker(time.Minute)
	defer due.Stop()
	defer minute.Stop()
	for {
		select {
		case <-due.C:
			_ = w.drain() // the log knows of the error
		case <-w.log.full:
			_ = w.drain()
		case <-minute.C:
			w.failed(w.retire(0))
			w.remember()
			w.measure()
		case do := <-w.log.orders:
			do(w)
		case <-w.log.stop:
			for len(w.log.queue) > 0 {
				_ = w.drain()
			}
			w.endSegment()
			return
		}
	}
}

// drain writes what waits now; what comes meanwhile waits for the next time.
func (w *writer) drain() error {
	var errs []error
	for range len(w.log.queue) {
		if w.add(<-w.log.queue); len(w.messages) >= blockBytes {
			errs = append(errs, w.flush())
		}
		runtime.Gosched() // calls come first
	}
	return errors.Join(append(errs, w.flush())...)
}

// add masks a call and puts it into the block that grows.
func (w *writer) add(c *waiting) {
	defer w.log.free(c)
	before := len(w.messages)
	e, err := w.masked(c)
	if err != nil {
		w.messages = w.messages[:before]
		w.log.lost.Add(1)
		w.config.Log.Error("call log: a call was left out, because its secrets could not be hidden", "hookpoint", c.call.Hookpoint, "cause", err)
		return
	}
	if w.late(&e) {
		w.messages = w.messages[:before]
		return
	}
	if w.calls == 0 {
		w.firstAt = e.At
	}
	e.ID.Number = w.next + uint64(w.calls) + 1
	w.about = e.appendTo(w.about)
	w.calls++
}

// masked appends the call's messages to the block's, without their secrets. It
// must not end the server, whatever was sent.
func (w *writer) masked(c *waiting) (e entry, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	e = entry{Call: c.call}
	for _, s := range e.texts() {
		*s = w.text(*s)
	}
	e.Brand, e.Server = w.text(e.Brand), w.config.Server
	start := len(w.messages)
	if e.Face == FaceTMF {
		w.maskREST(&e, c)
		return e, nil
	}
	w.messages = w.config.Mask.Append(w.messages, "", c.call.RequestType, c.request)
	e.request = len(w.messages) - start
	w.messages = w.config.Mask.Append(w.messages, c.call.Hookpoint, c.call.AnswerType, c.answer)
	e.answer = len(w.messages) - start - e.request
	e.objects = appendObjects(nil, w.messages[start:])
	return e, nil
}

// maskREST appends the documents of a call over TM Forum.
func (w *writer) maskREST(e *entry, c *waiting) {
	target, request, answer := w.config.Mask.REST(c.call.Target, c.call.RequestType, c.request, c.call.AnswerType, c.answer)
	e.Method, e.Target = w.text(e.Method), target
	start := len(w.messages)
	w.messages = append(append(w.messages, request...), answer...)
	e.request, e.answer = len(request), len(answer)
	e.objects = appendIDsIn(appendIDsIn(nil, target), w.messages[start:])
}

// text is one of the texts that are kept beside the messages, masked: callers can
// put anything into them.
func (w *writer) text(s string) string {
	const most, longest = 1024, 128
	if s == "" {
		return ""
	}
	masked, known := w.texts[s]
	if known {
		return masked
	}
	masked = string(w.config.Mask.Append(nil, "", "text/plain", s))
	if len(s) <= longest {
		if w.texts == nil || len(w.texts) == most {
			w.texts = make(map[string]string)
		}
		w.texts[strings.Clone(s)] = masked // s keeps a whole request alive
	}
	return masked
}

// flush writes the block that grew. What cannot be written is lost and counted.
func (w *writer) flush() error {
	if w.calls == 0 {
		return nil
	}
	calls := int64(w.calls)
	lost := w.log.lost.Load()
	err := fits(w.about, w.messages)
	if err == nil {
		err = w.write(w.squeezer.block(w.about, w.messages, uint32(min(lost-w.told, 1<<32-1))))
	}
	if err == nil {
		w.told = lost
		w.next += uint64(calls)
		w.log.written.Add(calls)
	} else {
		w.log.lost.Add(calls)
	}
	w.about, w.messages, w.calls = w.about[:0], w.messages[:0], 0
	if cap(w.messages) > 16*blockBytes {
		w.messages = nil
	}
	w.measure()
	w.failed(err)
	return err
}

// failed tells the operations people once when writing begins to fail.
func (w *writer) failed(err error) {
	if err != nil && !w.failing {
		w.config.Log.Error("call log: calls are not logged", "cause", err)
	}
	w.failing = err != nil
}

// write puts a block at the end of the newest segment, or of a new one.
func (w *writer) write(block []byte) error {
	if int64(len(block)) > w.config.MaxBytes {
		return fmt.Errorf("calls of %d bytes are longer than the whole log may be", len(block))
	}
	if err := w.retire(int64(len(block))); err != nil {
		return err
	}
	if w.file == nil {
		if err := w.beginSegment(); err != nil {
			return err
		}
	}
	k := &w.segments[len(w.segments)-1]
	if _, err := w.file.Write(block); err != nil {
		// What is half written would be in the way of what comes next.
		return errors.Join(err, w.file.Truncate(k.bytes))
	}
	if k.bytes += int64(len(block)); k.first.IsZero() {
		k.first = w.firstAt
	}
	if k.bytes >= w.segmentBytes() || w.config.Now().Sub(k.first) >= w.span() {
		w.endSegment()
	}
	return nil
}

// beginSegment opens a file with the next number. The calls of the block that
// grows were numbered before.
func (w *writer) beginSegment() error {
	number := uint64(1)
	if n := len(w.segments); n > 0 {
		number = w.segments[n-1].number + 1
	}
	f, err := os.OpenFile(filepath.Join(w.config.Dir, segmentName(number)), os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	w.file = f
	w.segments = append(w.segments, kept{number: number})
	return nil
}

// endSegment closes the newest segment; the next call begins another.
func (w *writer) endSegment() {
	if w.file != nil {
		_ = w.file.Close()
		w.file = nil
	}
}

// measure tells the others what is there.
func (w *writer) measure() {
	var bytes int64
	var oldest time.Time
	for _, k := range w.segments {
		bytes += k.bytes
		if oldest.IsZero() {
			oldest = k.first
		}
	}
	w.log.bytes.Store(bytes)
	if oldest.IsZero() {
		w.log.oldest.Store(0)
	} else {
		w.log.oldest.Store(oldest.UnixMicro())
	}
}
