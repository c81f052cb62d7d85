package together

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rator/store/postgres"
)

// TestHookpointsThatCount: those of the first server, of who reloads, and of who is left.
func TestHookpointsThatCount(t *testing.T) {
	place, ctx := t.TempDir(), t.Context()
	db := openOne(t, place)
	fine := func() error { return nil }
	told := map[*Present]string{} // what changed, a letter each
	beat := func(p *Present, want string) {
		t.Helper()
		p.Changed = func(unfit error) {
			if unfit == nil {
				told[p] += "+"
			} else {
				told[p] += "-"
			}
		}
		if err := p.Beat(ctx, "", fine); err != nil {
			t.Fatal(err)
		}
		if err := p.Ready(); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s is ready: %v, want %q", p.me.Name, err, want)
		}
	}
	gone := func(names ...string) {
		t.Helper()
		err := db.Beside(ctx, postgres.Ask{SQL: "update " + db.Table("server") + " set seen=seen-interval '11 seconds' where name=any($1)", Args: []any{names}})
		if err != nil {
			t.Fatal(err)
		}
	}
	old, other := strings.Repeat("aaaa", 16), strings.Repeat("bbbb", 16)
	one, two, three := NewPresent(db, "one", "v1", old, nil), NewPresent(openOne(t, place), "two", "v1", old, nil), NewPresent(db, "three", "v2", other, nil)
	if one.Ready() == nil {
		t.Error("ready before it knows the others")
	}
	beat(one, "")
	beat(two, "")
	beat(three, "are bbbbbbbb, and those that the servers of the database are to have aaaaaaaa, which one loaded at")
	beat(three, "SIGHUP")
	all, counting, err := Servers(ctx, db)
	if err != nil || len(all) != 3 || counting.Hookpoints != old || counting.By != "one" || all[2].NotReady == "" || all[0].NotReady != "" {
		t.Errorf("%+v %+v %v", all, counting, err)
	}
	if one.Seen() != 1 || three.Seen() != 3 {
		t.Errorf("%d and %d are seen", one.Seen(), three.Seen())
	}
	three.Reloaded(other, nil)
	beat(three, "")
	beat(one, "which three loaded")
	one.Reloaded(other, nil)
	beat(one, "")
	beat(two, "which one loaded")
	if told[one] != "-+" || told[two] != "-" || told[three] != "-+" {
		t.Errorf("told are %q, %q and %q", told[one], told[two], told[three])
	}

	// Who is left with others takes over: the one that started last.
	gone("one", "three")
	four := NewPresent(db, "four", "v3", strings.Repeat("cccc", 16), nil)
	beat(two, "") // it is alone
	beat(four, "which two loaded")
	five := NewPresent(db, "five", "v3", strings.Repeat("dddd", 16), nil)
	beat(five, "which two loaded")
	gone("two")
	beat(four, "those of five are to count")
	beat(five, "")
	beat(four, "which five loaded")

	// One that is started anew is not itself of before.
	again := NewPresent(db, "five", "v3", four.me.Hookpoints, nil)
	beat(again, "")
	beat(four, "")
}

// TestServerGoes: who ends is not there any more, at once.
func TestServerGoes(t *testing.T) {
	db := openOne(t, t.TempDir())
	p := NewPresent(db, "one", "v1", "a", nil)
	ctx, end := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		p.Run(ctx, func() error { return errors.New("no room") })
	}()
	there := func() []Server {
		all, _, err := Servers(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	until(t, "it is there, and why it is not ready", func() bool {
		all := there()
		return len(all) == 1 && strings.Contains(all[0].NotReady, "no room") && time.Since(all[0].Started) < time.Hour
	})
	end()
	<-over
	if all := there(); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}

// TestFirstThatDiffers: who has other hookpoints hears which is the first, and how it differs,
// unless an older program said last which ones count.
func TestFirstThatDiffers(t *testing.T) {
	db := openOne(t, t.TempDir())
	fine := func() error { return nil }
	counting := map[string]string{"A": "1", "B": "1", "C": "1"}
	one := NewPresent(db, "one", "v1", "counting", counting)
	if err := one.Beat(t.Context(), "", fine); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		each map[string]string
		want string
	}{
		"another":      {map[string]string{"A": "1", "B": "2", "C": "1"}, " (B is not the same): give"},
		"missing":      {map[string]string{"A": "1", "B": "1"}, " (C is missing here): give"},
		"one more":     {map[string]string{"A": "1", "AB": "2", "B": "1", "C": "1"}, " (AB is missing there): give"},
		"of all sorts": {map[string]string{"A": "2", "B": "1", "D": "1"}, " (A is not the same, and 2 more differ): give"},
	} {
		p := NewPresent(db, name, "v2", "other", c.each)
		if err := p.Beat(t.Context(), "", fine); err != nil {
			t.Fatal(err)
		}
		if err := p.Ready(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	err := db.Beside(t.Context(), postgres.Ask{SQL: "update " + db.Table("meta") + " set value=replace(value,'\"counting\"','\"earlier\"') where name=$1", Args: []any{metaEach}})
	if err != nil {
		t.Fatal(err)
	}
	p := NewPresent(db, "last", "v2", "other", map[string]string{"A": "2"})
	if err := p.Beat(t.Context(), "", fine); err != nil {
		t.Fatal(err)
	}
	if err := p.Ready(); err == nil || strings.Contains(err.Error(), "(") {
		t.Error(err)
	}
}
