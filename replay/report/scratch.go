package report

import (
	"bufio"
	"errors"
	"io"
	"os"
)

// scratch holds, outside memory, the part of a report that has to come after what is
// known only at the end.
type scratch struct {
	file *os.File // nil until something is written
	out  *bufio.Writer
}

// Write makes the file when it is first called.
func (s *scratch) Write(p []byte) (int, error) {
	if s.file == nil {
		f, err := os.CreateTemp("", "rator-report-*")
		if err != nil {
			return 0, err
		}
		s.file, s.out = f, bufio.NewWriterSize(f, 64<<10)
	}
	return s.out.Write(p)
}

// copyTo writes all of it to w.
func (s *scratch) copyTo(w io.Writer) error {
	if s.file == nil {
		return nil
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w, s.file)
	return err
}

// Close removes the file.
func (s *scratch) Close() error {
	if s.file == nil {
		return nil
	}
	err := errors.Join(s.file.Close(), os.Remove(s.file.Name()))
	s.file, s.out = nil, nil
	return err
}
