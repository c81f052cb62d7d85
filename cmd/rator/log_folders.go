package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"rator/calllog"
	"rator/history"
	"rator/store"
	"rator/store/address"
)

// logFolder says which call logs are meant.
type logFolder struct {
	storeFlag
	CallLog []string `help:"Folder of the call log; may be repeated, for those of several servers. Default beside the store." placeholder:"DIR" sep:"none" env:"RATOR_CALL_LOG"`
}

// dirs are the folders; none where a database has no call log beside it.
func (f *logFolder) dirs() (all []string) {
	for _, dir := range f.CallLog {
		if dir != "" && dir != callLogOff {
			all = append(all, dir)
		}
	}
	if usual := usualCallLog(f.Store); all == nil && usual != "" {
		all = []string{usual}
	}
	return all
}

// dir is the first of them; "" = there is none.
func (f *logFolder) dir() string {
	if dirs := f.dirs(); len(dirs) > 0 {
		return dirs[0]
	}
	return ""
}

// open opens the logs for reading, with every call that their server has answered.
func (f *logFolder) open(t *terminal) (l logs, err error) {
	if err := f.find(t); err != nil {
		return nil, err
	}
	dirs := f.dirs()
	if address.Is(f.Store) && dirs == nil {
		return nil, misused(errors.New("--call-log: name the folder that rator serve has its call log in: a store in a database has none beside it"))
	}
	f.flush(t)
	for _, dir := range dirs {
		r, err := calllog.OpenReader(dir)
		if errors.Is(err, os.ErrNotExist) {
			return nil, unreachable(fmt.Errorf("%s: there is no call log; rator serve keeps one beside its store (--store FILE), or where --call-log DIR says", dir))
		}
		if err != nil {
			return nil, unreachable(err)
		}
		l = append(l, r)
	}
	return l, nil
}

// addCalls gathers from the call logs, the server's own where this runs in it. Without a
// log there are none, which is said.
func (f *logFolder) addCalls(t *terminal, line *history.Timeline, account store.ID) error {
	dirs, named := f.dirs(), len(f.CallLog) > 0
	if t.calls != nil {
		if err := t.calls.Flush(); err != nil {
			fmt.Fprintf(t.err, "rator: calls of the last moments may be missing: %v\n", err)
		}
		if !named {
			dirs = []string{t.calls.Dir()}
		}
	}
	if dirs == nil {
		fmt.Fprintln(t.err, "rator: no calls, for a store in a database has no call log beside it; --call-log DIR names the folder")
	}
	for _, dir := range dirs {
		r, err := calllog.OpenReader(dir)
		switch {
		case errors.Is(err, os.ErrNotExist) && !named:
			fmt.Fprintf(t.err, "rator: no calls, for there is no call log %s; --call-log DIR names another\n", dir)
			continue
		case err != nil:
			return unreachable(fmt.Errorf("call log %s: %w", dir, err))
		}
		if err := line.AddCalls(r, account); err != nil {
			return unreachable(err)
		}
		logs{r}.complain(t)
	}
	return nil
}

// absolutes are the folders that were named, for a server with another working directory.
func (f *logFolder) absolutes() (all []string, err error) {
	for _, dir := range f.CallLog {
		if dir == "" || dir == callLogOff {
			continue
		}
		if dir, err = filepath.Abs(dir); err != nil {
			return nil, err
		}
		all = append(all, dir)
	}
	return all, nil
}
