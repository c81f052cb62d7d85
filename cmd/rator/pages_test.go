package main

import (
	"regexp"
	"strings"
)

// fence is a block of a page between two lines of ```.
type fence struct {
	line          int // of the first line below the opening one
	kind, heading string
	before        string // the last line above it that is not empty
	text          string
}

// fencesOf are the blocks of a page, in their order.
func fencesOf(page string) (all []fence) {
	var open *fence
	heading, before := "", ""
	for n, line := range strings.Split(page, "\n") {
		kind, isFence := strings.CutPrefix(line, "```")
		switch {
		case open == nil && isFence:
			open = &fence{line: n + 2, kind: kind, heading: heading, before: before}
		case open != nil && isFence:
			all, open = append(all, *open), nil
		case open != nil:
			open.text += line + "\n"
		case strings.HasPrefix(line, "#"):
			heading = strings.TrimLeft(line, "# ")
		case strings.TrimSpace(line) != "":
			before = line
		}
	}
	return all
}

// file is the name of the file that a block shows: in its first line, as a comment, or
// in the line above it; "" when it shows none.
func (f *fence) file() string {
	for _, m := range [][]string{
		regexp.MustCompile(`^(?:<!--|#) ([\w./]+\.\w+):`).FindStringSubmatch(f.text),
		regexp.MustCompile("`([\\w./]+\\.\\w+)`").FindStringSubmatch(f.before),
	} {
		if m != nil {
			return m[1]
		}
	}
	return ""
}

// pageCommand is a command that a page shows.
type pageCommand struct {
	text      string // with the lines that it goes on in, and the document that it reads
	variables string // the lines before it in its block that set some
}

// commands are those of a block.
func (f *fence) commands() (all []pageCommand) {
	var command, ends, variables string
	for line := range strings.Lines(f.text) {
		bare := strings.TrimSuffix(line, "\n")
		switch {
		case ends != "":
			if bare == ends {
				ends = ""
			}
		case command == "" && assignment.MatchString(bare):
			variables += line
			continue
		default:
			if m := heredoc.FindStringSubmatch(bare); m != nil {
				ends = m[1]
			}
		}
		if command += line; ends == "" && !strings.HasSuffix(bare, "\\") {
			all, command = append(all, pageCommand{command, variables}), ""
		}
	}
	return all
}

var (
	assignment = regexp.MustCompile(`^[A-Z]+=\S+$`)
	heredoc    = regexp.MustCompile(`<<'(\w+)'`)
	comment    = regexp.MustCompile(`(?m)\s+# .*$`)
)

// plain is a command in one line, without its remarks.
func (c *pageCommand) plain() string {
	return strings.Join(strings.Fields(comment.ReplaceAllString(strings.ReplaceAll(c.text, "\\\n", " "), "")), " ")
}
