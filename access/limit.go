package access

import "time"

// Limit lets something happen a number of times in a period for each key, and then
// no more until that is over. It remembers in memory, the last so many keys. Safe for
// concurrent use.
type Limit struct {
	most   int
	period time.Duration
	spans  *recent[string, span]
}

// span is a period of a key.
type span struct {
	began time.Time
	times int
}

// NewLimit makes a Limit.
func NewLimit(most int, period time.Duration) *Limit {
	return &Limit{most, period, newRecent[string, span](period, mostTriesKept)}
}

// Take counts one time for a key. Where it is one too many, it says how long the
// period goes on; else that is 0.
func (l *Limit) Take(key string, now time.Time) (wait time.Duration) {
	s := l.spans.change(tame(key), now, func(s span) span {
		if s.times == 0 || now.Sub(s.began) >= l.period {
			return span{now, 1}
		}
		return span{s.began, s.times + 1}
	})
	if s.times <= l.most {
		return 0
	}
	return l.period - now.Sub(s.began)
}
