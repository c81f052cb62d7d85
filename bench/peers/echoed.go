package main

import (
	"fmt"
	"slices"
	"time"

	"rator/bench/rig"
)

// answerOf is the answer of an echo.
func answerOf(s *subject) ([]byte, error) {
	k := &rig.Caller{To: s.process.Address, From: rig.Here, End: time.Now().Add(30 * time.Second)}
	defer k.HangUp()
	if o := k.Ask(rig.Post(echoRequest)); o != rig.Done {
		return nil, fmt.Errorf("an echo of %s: %s: %s", s.name, o, k.Body)
	}
	return slices.Clone(k.Body), nil
}

// echoes looks whether a subject answers these values: a server that does less than
// ours is none to compare with.
func echoes(s *subject, want []string) error {
	answer, err := answerOf(s)
	if err != nil {
		return err
	}
	got, err := values(answer)
	if err != nil {
		return fmt.Errorf("%s: %w: %s", s.name, err, answer)
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			return fmt.Errorf("%s answers another echo than ours: %q instead of %q, line %d", s.name, line(got, i), line(want, i), i+1)
		}
	}
	return nil
}

func line(lines []string, at int) string {
	if at < len(lines) {
		return lines[at]
	}
	return "nothing"
}

// echoedValues are those of our answer that a peer is to answer too: STATUS and REQUEST_ID
// are the endpoint's own.
func echoedValues(answer []byte) (want []string, err error) {
	lines, err := values(answer)
	const each = 3 // lines of a value of the first level: key, value and type
	for i := 0; i < len(lines); i++ {
		if own := lines[i]; own == "/values/key  STATUS" || own == "/values/key  REQUEST_ID" {
			i += each - 1
			continue
		}
		want = append(want, lines[i])
	}
	return want, err
}
