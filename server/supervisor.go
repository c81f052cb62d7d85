package server

import (
	"context"
	"log/slog"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"rator/store"
)

// supervisor tells systemd how the server stands, where it was started by a unit of
// Type=notify, by the socket of sd_notify(3): when it answers, that it finishes the calls,
// and, where the unit has WatchdogSec, that it is well. Elsewhere it does nothing.
type supervisor struct {
	store store.Store
	log   *slog.Logger
}

// tell says a state, such as daemon.SdNotifyReady.
func (s *supervisor) tell(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		s.log.Warn("systemd could not be told", "state", state, "cause", err)
	}
}

// watch says that the server is well, three times as often as it has to, as long as it
// is; systemd ends it, and begins it again, when it no longer says so.
func (s *supervisor) watch(ctx context.Context) {
	within, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		s.log.Warn("the watchdog of systemd is not told", "cause", err)
	}
	if within == 0 || err != nil {
		<-ctx.Done()
		return
	}
	every := time.NewTicker(within / 3)
	defer every.Stop()
	for {
		if err := s.well(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("the server is not well, so systemd is not told that it is", "cause", err)
		} else if err == nil {
			s.tell(daemon.SdNotifyWatchdog)
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return
		}
	}
}

// well is nil while a restart would not help: the store is read, and no sync of it
// has failed.
func (s *supervisor) well(ctx context.Context) error {
	if err := alive(s.store); err != nil {
		return err
	}
	return s.store.View(ctx, func(store.Tx) error { return nil })
}
