package workflow

import (
	"time"

	"rator/access"
	"rator/customer"
)

// newPasswordLimits bound how often a new password may be asked for. They are asked
// of every login, whether somebody has it or not, and the source's first, so that a
// flood of invented logins cannot make the logins' own be forgotten.
type newPasswordLimits struct{ bySource, byLogin *access.Limit }

const (
	newPasswordsBySource = 1000
	newPasswordsByLogin  = 5
	newPasswordsPeriod   = customer.NewPasswordLife
)

func newNewPasswordLimits(bySource int) newPasswordLimits {
	if bySource <= 0 {
		bySource = newPasswordsBySource
	}
	return newPasswordLimits{access.NewLimit(bySource, newPasswordsPeriod), access.NewLimit(newPasswordsByLogin, newPasswordsPeriod)}
}

func (l *newPasswordLimits) take(login, source string, now time.Time) error {
	wait, of := l.bySource.Take(source, now), "from this source"
	if wait == 0 {
		wait, of = l.byLogin.Take(login, now), "for this login"
	}
	if wait == 0 {
		return nil
	}
	return customer.TooManyNewPasswords.With("%s; ask again in %d minutes", of, (wait+time.Minute-1)/time.Minute)
}

// mayAskForPassword counts that a new password is asked for, once for each login of a
// call: a transaction may run more than once.
func (c *invocation) mayAskForPassword(login string) error {
	err, known := c.asked[login]
	if !known {
		if c.asked == nil {
			c.asked = map[string]error{}
		}
		err = c.engine.newPasswords.take(login, c.source(), c.engine.Gate.Now())
		c.asked[login] = err
	}
	return err
}

// source is where the call came from, for what is counted of users.
func (c *invocation) source() string {
	return access.Source(c.operator.Name, c.request.Origin.Remote)
}

// held counts the users' passwords that were tried and says how long the answer
// waits.
func (c *invocation) held() time.Duration {
	delay := c.call.Delay
	for _, t := range c.call.LoginTries {
		delay = max(delay, c.engine.Logins.Tried(t.Login, c.source(), t.Right))
	}
	return delay
}
