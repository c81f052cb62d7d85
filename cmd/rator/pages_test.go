package main

import (
	"regexp"
	"strings"

	"rator/server/servertest"
)

// fileOf is the name of the file that a block shows: in its first line, as a comment, or
// in the line above it; "" when it shows none.
func fileOf(f *servertest.Fence) string {
	for _, m := range [][]string{
		regexp.MustCompile(`^(?:<!--|#) ([\w./]+\.\w+):`).FindStringSubmatch(f.Text),
		regexp.MustCompile("`([\\w./]+\\.\\w+)`").FindStringSubmatch(f.Before),
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

// commandsOf are those of a block.
func commandsOf(f *servertest.Fence) (all []pageCommand) {
	var command, ends, variables string
	for line := range strings.Lines(f.Text) {
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
