package server

import (
	"log/slog"
	"sync"

	"rator/failure"
)

// toleratedTokens counts what lenient operators are not refused for, and warns of
// each of them once.
func toleratedTokens(m *Metrics, log *slog.Logger) func(operator string, refusal *failure.Code) {
	var warned sync.Map
	return func(operator string, refusal *failure.Code) {
		m.tolerated.WithLabelValues(operator, refusal.Name).Inc()
		if _, again := warned.LoadOrStore(operator, true); !again {
			log.Warn("WS-Security header tolerated, which a strict operator would be refused for", "operator", operator, "refusal", refusal.Name,
				"mend", "have the client send a new Nonce and Created with each message, then: rator operator username-token "+operator+" strict")
		}
	}
}
