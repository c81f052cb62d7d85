package together

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"rator/store/postgres"
)

// Counting is the set of hookpoints that the servers of a database are to have.
type Counting struct {
	Hookpoints string // workflow.HashLayers
	By         string // the server that set it
	At         time.Time
}

// The rows of meta.
const (
	metaCounts = "hookpoints"     // Counting
	metaEach   = "each hookpoint" // countingEach
)

// countingEach is what the set that counts has, for who has another one. A server of an older
// program does not write it, so it may be of a set that counted before.
type countingEach struct {
	Hookpoints string // as Counting has it
	Each       map[string]string
}

// decide says whether the hookpoints of a server are to count from now on, or why it is not
// fit beside the others.
func decide(me Server, reloaded bool, all []Server, kept *Counting) (sets bool, unfit error) {
	if kept == nil || reloaded {
		return true, nil
	}
	if me.Hookpoints == kept.Hookpoints {
		return false, nil
	}
	last := me
	for _, s := range all {
		if s.Hookpoints == kept.Hookpoints {
			return false, &otherError{me.Hookpoints, kept, ""}
		}
		last = s
	}
	if last.run == me.run {
		return true, nil
	}
	return false, fmt.Errorf("the hookpoints of this server are %s, and no server is there any more that has those of before, %s; those of %s are to count, which started last", short(me.Hookpoints), short(kept.Hookpoints), last.Name)
}

// otherError says that a server has other hookpoints than those that count.
type otherError struct {
	mine    string
	kept    *Counting
	differs string // "" = nobody knows
}

func (e *otherError) Error() string {
	differs := e.differs
	if differs != "" {
		differs = " (" + differs + ")"
	}
	return fmt.Sprintf("the hookpoints of this server are %s, and those that the servers of the database are to have %s, which %s loaded at %s%s: "+
		"give all the same files, and send SIGHUP to this one, or to that one", short(e.mine), short(e.kept.Hookpoints), e.kept.By, e.kept.At.UTC().Format(time.RFC3339), differs)
}

// differs says which hookpoint of a server is the first that is not as it is to be; "" where
// nobody has said what they all are.
func (p *Present) differs(ctx context.Context, me Server, kept *Counting) string {
	var to countingEach
	err := p.db.Beside(ctx, postgres.Ask{SQL: "select value from " + p.db.Table("meta") + " where name=$1", Args: []any{metaEach}, Row: func(scan func(into ...any) error) error {
		var value string
		if err := scan(&value); err != nil {
			return err
		}
		return json.Unmarshal([]byte(value), &to)
	}})
	if err != nil || to.Hookpoints != kept.Hookpoints {
		return ""
	}
	return differ(me.each, to.Each)
}

// differ tells the first name by the alphabet whose hash is not the same, and how many more
// there are.
func differ(mine, counting map[string]string) string {
	names := maps.Clone(mine)
	maps.Copy(names, counting)
	maps.DeleteFunc(names, func(name, _ string) bool { return mine[name] == counting[name] })
	if len(names) == 0 {
		return ""
	}
	first := slices.Min(slices.Collect(maps.Keys(names)))
	says := first + " is not the same"
	if _, here := mine[first]; !here {
		says = first + " is missing here"
	} else if _, there := counting[first]; !there {
		says = first + " is missing there"
	}
	if more := len(names) - 1; more > 0 {
		says += fmt.Sprintf(", and %d more differ", more)
	}
	return says
}

// count has the server's hookpoints count, unless another one's do meanwhile.
func (p *Present) count(ctx context.Context, me Server, kept *Counting) error {
	value, err := json.Marshal(Counting{me.Hookpoints, me.Name, time.Now().UTC()})
	if err != nil {
		return err
	}
	each, err := json.Marshal(countingEach{me.Hookpoints, me.each})
	if err != nil {
		return err
	}
	before := ""
	if kept != nil {
		before = kept.Hookpoints
	}
	meta, counts := p.db.Table("meta"), false
	err = p.db.Beside(ctx, postgres.Ask{SQL: "insert into " + meta + " as m values ($1,$2) on conflict (name) do update set value=excluded.value where m.value::json->>'Hookpoints'=$3 returning true",
		Args: []any{metaCounts, string(value), before}, Row: func(scan func(into ...any) error) error { return scan(&counts) }},
		postgres.Ask{SQL: "insert into " + meta + " select $1,$2 from " + meta + " where name=$3 and value=$4 on conflict (name) do update set value=excluded.value",
			Args: []any{metaEach, string(each), metaCounts, string(value)}})
	if err == nil && !counts {
		err = errors.New("the hookpoints of another server count since just now; this one looks again")
	}
	return err
}

func short(hookpoints string) string { return hookpoints[:min(8, len(hookpoints))] }
