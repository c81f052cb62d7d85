package main

import (
	"errors"
	"io"

	"rator/replay"
	"rator/replay/fixture"
	"rator/replay/report"
)

// replayReports tells the terminal and the files that were asked for.
type replayReports struct {
	replay.Sinks
	files  []*fixture.File
	closes []io.Closer
}

// reports begins every report. A file that cannot be written shows before anything
// is played.
func (c *replayCommand) reports(t *terminal, bar *progress, o report.Options) (*replayReports, error) {
	r := &replayReports{Sinks: replay.Sinks{report.NewTerminal(bar.over(t.out), report.TerminalOptions{
		Options: o, Colour: report.UseColour(isTerminal(t.out), t.getenv), Verbose: c.Verbose,
	})}}
	for _, f := range []struct {
		place string
		sink  func(io.Writer) replay.Sink
	}{
		{c.JUnit, func(w io.Writer) replay.Sink { return report.NewJUnit(w, o) }},
		{c.JSON, func(w io.Writer) replay.Sink { return report.NewJSON(w, o) }},
		{c.HTML, func(w io.Writer) replay.Sink { return report.NewHTML(w, o) }},
	} {
		if f.place == "" {
			continue
		}
		file, err := fixture.Create(f.place)
		if err != nil {
			r.close()
			return nil, err
		}
		r.files = append(r.files, file)
		sink := f.sink(file)
		if c, ok := sink.(io.Closer); ok {
			r.closes = append(r.closes, c)
		}
		r.Sinks = append(r.Sinks, sink)
	}
	return r, nil
}

// commit puts the files into their places.
func (r *replayReports) commit() error {
	var err error
	for _, f := range r.files {
		err = errors.Join(err, f.Commit())
	}
	return err
}

// close removes what was not committed.
func (r *replayReports) close() {
	for _, c := range r.closes {
		_ = c.Close() // only scratch files
	}
	for _, f := range r.files {
		_ = f.Close() // nothing of it was wanted
	}
}
