package calllog

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Masker takes the secrets out of messages: *mask.Masker.
type Masker interface {
	// Append appends a message without its secrets. An answer does not name its
	// hookpoint; for a request it is "".
	Append(to []byte, hookpoint, contentType, message string) []byte
	// REST masks a call of TM Forum: the path and query that were asked for, and the
	// document of either way.
	REST(target, requestType, request, answerType, answer string) (maskedTarget, maskedRequest, maskedAnswer string)
}

// Config is what a Log is made of. Dir, Mask, MaxBytes and MaxAge are needed.
type Config struct {
	Dir      string // made when it is not there, for its owner only
	Server   string // the name of the server among several of one store; "" = it is the only one
	Mask     Masker
	MaxBytes int64         // of the folder, at least MinBytes
	MaxAge   time.Duration // of a call, at least a minute
	Log      *slog.Logger  // nil = slog.Default
	Now      func() time.Time
	// Wait is how long a call waits at most to be written with others; 0 = 200 ms.
	Wait time.Duration
	// QueueBytes is how much of messages may wait; 0 = 16 MiB. Longer ones are lost.
	QueueBytes int64
}

// MinBytes is the least that a log may be bounded to.
const MinBytes = 1 << 20

const queueCalls = 8192 // that may wait

// ErrInUse says that another process writes the log.
var ErrInUse = errors.New("another process writes this call log")

// Log writes calls to a folder. Safe for concurrent use.
type Log struct {
	queue  chan *waiting
	full   chan struct{} // much waits, do not wait for more
	orders chan func(*writer)
	stop   chan struct{} // closed by Close
	done   chan struct{} // closed when the last call is written
	close  sync.Once
	lock   *os.File
	dir    string

	most   int64
	queued atomic.Int64 // bytes
	pool   sync.Pool    // of *waiting

	written, lost, bytes, oldest atomic.Int64
}

// waiting is a call in the queue.
type waiting struct {
	call            Call
	request, answer string
}

func (w *waiting) bytes() int64 { return int64(len(w.request) + len(w.answer)) }

// Open starts a log in the folder, which goes on after what is there. It fails with
// ErrInUse when another process has it.
func Open(c Config) (*Log, error) {
	if c.Mask == nil {
		return nil, errors.New("a call log needs a Masker")
	}
	if c.MaxBytes < MinBytes || c.MaxAge < time.Minute {
		return nil, fmt.Errorf("a call log takes at least %d bytes and a minute", MinBytes)
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Wait == 0 {
		c.Wait = 200 * time.Millisecond
	}
	if c.QueueBytes == 0 {
		c.QueueBytes = 16 << 20
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockFolder(c.Dir)
	if err != nil {
		return nil, err
	}
	removeUnfinished(c.Dir)
	there, err := survey(c.Dir)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	l := &Log{
		queue: make(chan *waiting, queueCalls), full: make(chan struct{}, 1), orders: make(chan func(*writer)), stop: make(chan struct{}), done: make(chan struct{}),
		lock: lock, dir: c.Dir, most: c.QueueBytes, pool: sync.Pool{New: func() any { return new(waiting) }},
	}
	w := &writer{log: l, config: c, segments: there}
	if err := w.retire(0); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	w.measure()
	go w.run()
	return l, nil
}

// lockFolder makes sure that one process writes.
func lockFolder(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%s: %w", dir, ErrInUse)
		}
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return f, nil
}

// Keep hands over a call. It never waits: a call that finds the queue full is lost
// and counted. The answer is copied, the request is kept alive until it is written.
func (l *Log) Keep(c *Call, request string, answer []byte) {
	select {
	case <-l.stop:
		l.lost.Add(1)
		return
	default:
	}
	bytes := int64(len(request) + len(answer))
	if l.queued.Add(bytes) > l.most {
		l.queued.Add(-bytes)
		l.lost.Add(1)
		return
	}
	w := l.pool.Get().(*waiting)
	w.call, w.request = *c, request
	w.answer = string(answer)
	select {
	case l.queue <- w:
	default:
		l.lost.Add(1)
		l.free(w)
		return
	}
	if len(l.queue) > queueCalls/4 || l.queued.Load() > l.most/4 {
		select {
		case l.full <- struct{}{}:
		default:
		}
	}
}

// free takes a call out of the account, and keeps its room for another.
func (l *Log) free(w *waiting) {
	l.queued.Add(-w.bytes())
	*w = waiting{}
	l.pool.Put(w)
}

// Stats is how a log fares.
type Stats struct {
	Written int64 // calls since the start
	Lost    int64 // calls since the start that found the queue full or could not be written
	Bytes   int64 // in the folder
	Oldest  time.Time
}

// Stats tells how the log fares; Oldest is zero while it is empty.
func (l *Log) Stats() Stats {
	s := Stats{Written: l.written.Load(), Lost: l.lost.Load(), Bytes: l.bytes.Load()}
	if at := l.oldest.Load(); at != 0 {
		s.Oldest = time.UnixMicro(at).UTC()
	}
	return s
}

// Dir is the log's folder.
func (l *Log) Dir() string { return l.dir }

// Flush returns when all calls that were handed over before are in the file.
func (l *Log) Flush() error {
	return l.order(func(w *writer) error { return w.drain() })
}

// order has the writer do something between two calls.
func (l *Log) order(do func(*writer) error) error {
	answer := make(chan error, 1)
	select {
	case l.orders <- func(w *writer) { answer <- do(w) }:
		return <-answer
	case <-l.done:
		return os.ErrClosed
	}
}

// Close writes what waits. Calls that come later are lost.
func (l *Log) Close() error {
	l.close.Do(func() { close(l.stop) })
	<-l.done
	return l.lock.Close()
}
