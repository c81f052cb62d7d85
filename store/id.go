package store

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// ID is Rator's object id: 18 digits, yyyyMMddHHmmss of its making (UTC) and
// four more (rator-api.md 2.1). 0 is no id.
type ID int64

const idDigits = 18

// String is the 18 digits; "" for no id.
func (id ID) String() string {
	if id == 0 {
		return ""
	}
	return string(id.digits())
}

// digits are the 18, more where id has more.
func (id ID) digits() []byte { return id.appendDigits(make([]byte, 0, idDigits+2)) }

func (id ID) appendDigits(b []byte) []byte {
	const first = 1e17 // with all of them
	zeros := 0
	for n := id; n < first && zeros < idDigits-1; n *= 10 {
		b = append(b, '0')
		zeros++
	}
	return strconv.AppendInt(b, int64(id), 10)
}

// MarshalText writes the digits, so that JSON keeps all of them.
func (id ID) MarshalText() ([]byte, error) {
	if id == 0 {
		return nil, nil
	}
	return id.digits(), nil
}

// UnmarshalText reads what MarshalText wrote.
func (id *ID) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*id = 0
		return nil
	}
	n, err := ParseID(string(b))
	*id = n
	return err
}

// ParseID reads 18 digits.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || len(s) != idDigits {
		return 0, fmt.Errorf("%.40q is not an id of %d digits", s, idDigits)
	}
	return ID(n), nil
}

// FirstIDAt is the smallest id that can have been made at t.
func FirstIDAt(t time.Time) ID { return idAt(t.Unix(), 0) }

// Time is the second that the id was made in, UTC; zero for no id. Where more than 10,000
// were wanted in a second it is later than that.
func (id ID) Time() time.Time {
	t, _ := time.Parse(idTime, id.String()[:min(len(idTime), len(id.String()))])
	return t
}

const idTime = "20060102150405"

// aheadAtMost is how far an id that is loaded may be ahead of the time: the clock of a busy
// store runs ahead, and clocks of machines differ.
const aheadAtMost = time.Hour

// CheckLoaded says what keeps an id of elsewhere from being one of ours: it has 18 digits
// that begin with a moment, which now is not far behind.
func CheckLoaded(id ID, now time.Time) error {
	switch made := id.Time(); {
	case id == 0:
		return errors.New("it is missing")
	case id < 0 || made.IsZero():
		return fmt.Errorf("%s does not begin with a moment, yyyyMMddHHmmss", id)
	case made.After(now.Add(aheadAtMost)):
		return fmt.Errorf("%s is of a moment to come: it is %s now", id, now.UTC().Format(idTime))
	}
	return nil
}

func idAt(second int64, n int) ID {
	t := time.Unix(second, 0).UTC()
	day := int64(t.Year())*10000 + int64(t.Month())*100 + int64(t.Day())
	clock := int64(t.Hour())*10000 + int64(t.Minute())*100 + int64(t.Second())
	return ID((day*1e6+clock)*1e4 + int64(n))
}

// IDClock makes ids: strictly increasing, 10,000 for each second; when more are
// wanted it runs ahead of the time. Safe for concurrent use. The zero IDClock
// is ready.
type IDClock struct {
	mu     sync.Mutex
	second int64
	n      int
}

// Next makes an id at now.
func (c *IDClock) Next(now time.Time) ID {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch s := now.Unix(); {
	case s > c.second:
		c.second, c.n = s, 0
	case c.n < 9999:
		c.n++
	default:
		c.second, c.n = c.second+1, 0
	}
	return idAt(c.second, c.n)
}

// Copy is a clock that goes on from where this one is, by itself.
func (c *IDClock) Copy() *IDClock {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &IDClock{second: c.second, n: c.n}
}

// Resume makes the clock go on after last, the newest id of the store.
func (c *IDClock) Resume(last ID) error {
	if last == 0 {
		return nil
	}
	t, err := time.Parse(idTime, last.String()[:14])
	if err != nil {
		return fmt.Errorf("newest id %s: %w", last, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if s, n := t.Unix(), int(last%1e4); s > c.second || s == c.second && n > c.n {
		c.second, c.n = s, n
	}
	return nil
}
