package access_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rator/access"
	"rator/store"
)

// counted counts the commits of a store, and can refuse or hold them.
type counted struct {
	store.Store
	commits int
	refuse  error
	hold    chan struct{}
}

func (c *counted) Update(ctx context.Context, fn func(store.Tx) error) error {
	if c.hold != nil {
		<-c.hold
	}
	if c.refuse != nil {
		return c.refuse
	}
	c.commits++
	return c.Store.Update(ctx, fn)
}

type behind struct {
	*access.ReadBehind
	st  *counted
	log bytes.Buffer
}

func newBehind(t *testing.T, c access.ReadBehindConfig) *behind {
	t.Helper()
	b := &behind{st: &counted{Store: openStore(t)}}
	c.Store, c.Log = b.st, slog.New(slog.NewTextHandler(&b.log, nil))
	b.ReadBehind = access.NewReadBehind(c)
	t.Cleanup(b.Close)
	return b
}

func (b *behind) write(t *testing.T, rows int) {
	t.Helper()
	for i := range rows {
		if err := b.Write(access.AuditRow{At: noon, Who: "shop", RequestID: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
}

func (b *behind) want(t *testing.T, rows, commits int, lost int64) {
	t.Helper()
	if got := len(rowsOf(t, b.st, "shop")); got != rows || b.st.commits != commits || b.Lost() != lost {
		t.Errorf("%d rows in %d commits, %d lost; want %d in %d, %d lost", got, b.st.commits, b.Lost(), rows, commits, lost)
	}
}

func TestRowsAreKeptTogetherWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBehind(t, access.ReadBehindConfig{})
		b.write(t, 100)
		time.Sleep(time.Second - 1)
		b.want(t, 0, 0, 0)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		b.want(t, 100, 1, 0)
		time.Sleep(time.Minute)
		b.want(t, 100, 1, 0)
	})
}

func TestFullBatchDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBehind(t, access.ReadBehindConfig{})
		b.write(t, 512)
		synctest.Wait()
		b.want(t, 512, 1, 0)
	})
}

func TestCloseKeepsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBehind(t, access.ReadBehindConfig{})
		b.write(t, 3)
		b.Close()
		b.want(t, 3, 1, 0)
		b.write(t, 1)
		b.Close()
		b.want(t, 3, 1, 1)
	})
}

func TestFullQueueLosesRowsAndSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBehind(t, access.ReadBehindConfig{Queue: 5})
		b.write(t, 12)
		b.want(t, 0, 0, 7)
		time.Sleep(time.Second)
		synctest.Wait()
		b.want(t, 5, 1, 7)
		time.Sleep(5 * time.Second)
		b.Close()
		if got := b.log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "rows=7") || !strings.Contains(got, "level=WARN") {
			t.Errorf("log says:\n%s\nwant one warning of 7 rows", got)
		}
	})
}

// A slow store must not hold up the calls that read.
func TestWriteDoesNotWaitForTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBehind(t, access.ReadBehindConfig{})
		b.st.hold = make(chan struct{})
		b.write(t, 1)
		time.Sleep(2 * time.Second)
		b.write(t, 10)
		close(b.st.hold)
		b.Close()
		b.want(t, 11, 2, 0)
	})
}

func TestRefusedRowsAreCountedAndLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBehind(t, access.ReadBehindConfig{})
		b.st.refuse = errors.New("disk full")
		b.write(t, 100)
		b.Close()
		b.want(t, 0, 0, 100)
		if got := b.log.String(); strings.Count(got, "level=ERROR") != 1 || !strings.Contains(got, "rows=100") || !strings.Contains(got, "disk full") || strings.Contains(got, "WARN") {
			t.Errorf("log says:\n%s\nwant one error that names the rows and the reason, and no warning besides", got)
		}
	})
}

func TestSyncKeepsEachRowAtOnce(t *testing.T) {
	b := newBehind(t, access.ReadBehindConfig{Sync: true})
	b.write(t, 2)
	b.want(t, 2, 2, 0)
	b.st.refuse = errors.New("disk full")
	if err := b.Write(access.AuditRow{Who: "shop"}); !errors.Is(err, b.st.refuse) {
		t.Errorf("Write gives %v, want %v", err, b.st.refuse)
	}
}

func TestManyWritersLoseNothing(t *testing.T) {
	b := newBehind(t, access.ReadBehindConfig{Interval: time.Millisecond})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { b.write(t, 250) })
	}
	all.Wait()
	b.Close()
	if got := len(rowsOf(t, b.st, "shop")); got != 2000 || b.Lost() != 0 {
		t.Errorf("%d rows, %d lost; want 2000, 0", got, b.Lost())
	}
}
