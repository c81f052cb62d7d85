package main

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"os"
	"sync"
)

// loadParts are the files of a load as one stream, for the server that has the store: parts
// of MIME, each with its name, as the files are. It begins with the first read, so that
// nothing is read where no server is.
type loadParts struct {
	files []string
	in    io.Reader
	once  sync.Once
	pipe  *io.PipeReader
	to    *multipart.Writer
	into  *io.PipeWriter
	begun bool
}

func (p *loadParts) boundary() string {
	p.once.Do(func() {
		p.pipe, p.into = io.Pipe()
		p.to = multipart.NewWriter(p.into)
	})
	return p.to.Boundary()
}

func (p *loadParts) Read(b []byte) (int, error) {
	if !p.begun {
		p.begun = true
		go func() { p.into.CloseWithError(errors.Join(p.send(), p.to.Close())) }()
	}
	return p.pipe.Read(b)
}

func (p *loadParts) send() error {
	for _, name := range p.files {
		from := p.in
		if name != "-" {
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			from = f
		} else {
			name = "standard input"
		}
		part, err := p.to.CreateFormFile("file", name)
		if err == nil {
			_, err = io.Copy(part, from)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// close ends the sending, if there is one.
func (p *loadParts) close() { _ = p.pipe.Close() }

// readLoadParts hands on the files of such a stream, with their names.
func readLoadParts(from io.Reader, boundary string, take func(name string, from io.Reader) error) error {
	r := multipart.NewReader(from, boundary)
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := take(partName(part), part); err != nil {
			return err
		}
	}
}

// partName is the whole name, of which multipart.Part.FileName gives the last element.
func partName(part *multipart.Part) string {
	_, said, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return part.FileName()
	}
	return said["filename"]
}
