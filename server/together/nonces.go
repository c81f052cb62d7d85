package together

import (
	"context"
	"crypto/sha256"
	"sync/atomic"
	"time"

	"rator/store"
	"rator/store/postgres"
)

// Nonces are those of all servers of a database. Use is access.SharedNonces.
type Nonces struct {
	db   *postgres.DB
	used atomic.Int64
}

// NewNonces gives the nonces that servers of a database have seen.
func NewNonces(db *postgres.DB) *Nonces { return &Nonces{db: db} }

// Old ones are dropped by who adds new ones, sometimes, not many at a time.
const (
	noncesDroppedBy = 64
	noncesDropped   = 1024
)

// Use keeps a nonce of an operator until then, and what was asked for with it. Where one
// of the servers did that before, it gives what was asked for then.
func (n *Nonces) Use(operator store.ID, nonce, asked [sha256.Size]byte, until time.Time) (before [sha256.Size]byte, used bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), longestTrip)
	defer cancel()
	table, added := n.db.Table("nonce"), false
	asks := []postgres.Ask{
		{SQL: "insert into " + table + " values ($1,$2,$3,$4) on conflict do nothing returning true", Args: []any{int64(operator), nonce[:], asked[:], until},
			Row: func(scan func(into ...any) error) error { return scan(&added) }},
		// Another statement sees what the first one had to wait for.
		{SQL: "select asked from " + table + " where operator=$1 and nonce=$2", Args: []any{int64(operator), nonce[:]},
			Row: func(scan func(into ...any) error) error {
				var kept []byte
				err := scan(&kept)
				copy(before[:], kept)
				return err
			}},
	}
	if n.used.Add(1)%noncesDroppedBy == 0 {
		asks = append(asks, postgres.Ask{SQL: "delete from " + table + " where (operator,nonce) in (select operator, nonce from " + table +
			" where until<clock_timestamp() limit $1 for update skip locked)", Args: []any{noncesDropped}})
	}
	err = n.db.Beside(ctx, asks...)
	return before, !added, err
}
