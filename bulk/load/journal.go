package load

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
)

// Tail is the end of a file that a load appends to, as its mark has it: how long the file
// is with it, and the text that may not be on the disk yet. So a load that goes on after a
// kill makes the file exactly what was written to the store.
type Tail struct {
	Length int64
	Text   string
}

// journal is a file that a load appends a text to with each group of customers, after the
// group's transaction is durable.
type journal struct {
	file   *os.File
	synced atomic.Int64 // bytes that are on the disk
}

// openJournal opens the file for a load that goes on after tail; a new load's tail is empty,
// and then the file must not be there, or be empty.
func openJournal(name string, tail Tail) (*journal, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journal{file: f}
	if err := j.mend(tail); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return j, nil
}

func (j *journal) mend(tail Tail) error {
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	from := tail.Length - int64(len(tail.Text))
	if info.Size() < from || tail.Length == 0 && info.Size() > 0 {
		return fmt.Errorf("%s has %d bytes and the load wrote %d to it: it is another file; name the one that the load began with, or a new one for a new load", j.file.Name(), info.Size(), from)
	}
	if err := j.file.Truncate(from); err != nil {
		return err
	}
	return j.append(tail)
}

// append writes the end of a text that tail ends with, and waits until it is on the disk.
func (j *journal) append(tail Tail) error {
	if j == nil {
		return nil
	}
	if _, err := j.file.WriteAt([]byte(tail.Text), tail.Length-int64(len(tail.Text))); err != nil {
		return err
	}
	if err := j.file.Sync(); err != nil {
		return err
	}
	j.synced.Store(tail.Length)
	return nil
}

// extend adds a text to the tail that is to be kept, which forgets what is on the disk.
func (j *journal) extend(tail *Tail, text string) {
	if j == nil {
		return
	}
	if known := j.synced.Load() - (tail.Length - int64(len(tail.Text))); known > 0 {
		tail.Text = tail.Text[min(known, int64(len(tail.Text))):]
	}
	tail.Text += text
	tail.Length += int64(len(text))
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return j.file.Close()
}
