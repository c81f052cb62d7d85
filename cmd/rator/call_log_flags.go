package main

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"time"

	"rator/calllog"
	"rator/zone"
)

// callLogFlags say how `rator serve` keeps its call log.
type callLogFlags struct {
	CallLog     string   `help:"Folder of the call log: request and answer of recent calls, masked, for rator log. Default beside the store; for a database it must be given. off = none." placeholder:"DIR|off" group:"Call log"`
	CallLogSize byteSize `help:"Most bytes of the call log (default ${default}); the oldest calls go." default:"256MiB" placeholder:"SIZE" group:"Call log"`
	CallLogAge  age      `help:"Longest time a call stays in the call log (default ${default})." default:"7d" placeholder:"DURATION" group:"Call log"`
	CallLogSkip []string `help:"Hookpoints whose calls are not logged, such as SOAP_GET_*; for TM Forum rights or paths, such as TMF_GET_* or /customerManagement/hub." placeholder:"PATTERN" group:"Call log"`
}

// callLogOff is what switches the log off.
const callLogOff = "off"

// config is what the flags say of a log for the store; the zero Config is none.
func (c *callLogFlags) config(store string) (calllog.Config, error) {
	if c.CallLog == callLogOff {
		return calllog.Config{}, nil
	}
	for _, pattern := range c.CallLogSkip {
		if _, err := path.Match(pattern, ""); err != nil {
			return calllog.Config{}, misused(fmt.Errorf("--call-log-skip: %q is no pattern such as SOAP_GET_*", pattern))
		}
	}
	switch {
	case c.CallLogSize < calllog.MinBytes:
		return calllog.Config{}, misused(errors.New("--call-log-size: a call log takes at least 1MiB; --call-log off keeps none"))
	case c.CallLogAge < age(time.Minute):
		return calllog.Config{}, misused(errors.New("--call-log-age: a call log takes at least a minute; --call-log off keeps none"))
	}
	dir := c.CallLog
	if dir == "" {
		dir = usualCallLog(store)
	}
	return calllog.Config{Dir: dir, MaxBytes: int64(c.CallLogSize), MaxAge: time.Duration(c.CallLogAge)}, nil
}

// age is a duration in which days count too, as 7d or 36h.
type age time.Duration

// UnmarshalText reads days, or what time.ParseDuration reads.
func (a *age) UnmarshalText(text []byte) error {
	d, err := zone.ParseAge(string(text))
	*a = age(d)
	return err
}

// String is what UnmarshalText reads.
func (a age) String() string {
	if d := time.Duration(a); d%(24*time.Hour) != 0 {
		return d.String()
	}
	return strconv.FormatInt(int64(time.Duration(a)/(24*time.Hour)), 10) + "d"
}
