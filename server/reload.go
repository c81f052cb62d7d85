package server

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"rator/workflow"
	"rator/workflow/contract"
)

// MistakesError lists what keeps hookpoints from being loaded.
type MistakesError []contract.Mistake

func (e MistakesError) Error() string {
	s := fmt.Sprintf("%d mistakes in the hookpoints:", len(e))
	for _, m := range e {
		s += "\n" + m.String()
	}
	return s
}

// reload takes the hookpoint folders as they are now, all or nothing.
func (s *Server) reload() error {
	set, mistakes := workflow.Load(s.Layers...)
	if len(mistakes) > 0 {
		return MistakesError(mistakes)
	}
	s.Registry.Replace(set)
	tellWarnings(s.log, set)
	return nil
}

// reloaded has the hookpoints that were loaded anew be those that all servers of the
// database are to have.
func (s *Server) reloaded() {
	if s.present == nil {
		return
	}
	hookpoints, each, err := workflow.HashLayers(s.Layers...)
	if err != nil {
		s.log.Error("other servers do not hear of the hookpoints", "cause", err)
		return
	}
	s.present.Reloaded(hookpoints, each)
}

// tellWarnings logs how many warnings a set of hookpoints has; rator check prints them.
func tellWarnings(log *slog.Logger, set *workflow.Set) {
	if n := len(set.Warnings()); n > 0 {
		log.Warn("hookpoints have warnings: rator check DIR prints them", "warnings", n, "first", set.Warnings()[0].String())
	}
}

// reloadOn reads hookpoints and certificate again at each signal, until ctx ends.
func (s *Server) reloadOn(ctx context.Context, hangup <-chan os.Signal, certificates *Certificates) {
	for {
		select {
		case <-hangup:
		case <-ctx.Done():
			return
		}
		if err := s.reload(); err != nil {
			s.log.Error("hookpoints not reloaded, the set that runs stays", "cause", err)
		} else {
			s.reloaded()
			s.log.Info("hookpoints reloaded", "count", len(s.Registry.Current().Contracts()))
		}
		if certificates != nil {
			if err := certificates.load(); err != nil {
				s.log.Error("certificate not reloaded, the one in use stays", "cause", err)
			}
		}
	}
}

// tellFit logs when hookpoints are not those that the servers of the database are to have, and
// when they are again.
func tellFit(log *slog.Logger) func(unfit error) {
	return func(unfit error) {
		if unfit != nil {
			log.Warn("the server is not ready beside the others of its database", "cause", unfit)
		} else {
			log.Info("the hookpoints are those that the servers of the database are to have")
		}
	}
}
