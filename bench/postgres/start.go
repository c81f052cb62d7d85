package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"rator/bench/rig"
	"rator/store/postgres/cluster"
)

var serving = regexp.MustCompile(`(?s)http://(127\.0\.0\.1:\d+)/.*rator: serving`)

// start builds what is measured, and starts a database and a server with its customers.
func (b *bench) start(ctx context.Context) (err error) {
	if b.this, err = rig.This(ctx, b.dir, b.options.this); err != nil {
		return err
	}
	if b.cluster, err = cluster.Start(filepath.Join(b.dir, "db"), cluster.Options{Settings: countsStatements()}); err != nil {
		return err
	}
	if b.pool, err = pgxpool.New(ctx, b.cluster.DSN("postgres")); err != nil {
		return err
	}
	if err := b.pool.QueryRow(ctx, "select 'PostgreSQL ' || current_setting('server_version')").Scan(&b.version); err != nil {
		return err
	}
	if b.ours, err = b.serve(ctx, "server 1"); err != nil {
		return err
	}
	if err := b.operator(ctx, "add", rig.Honest, "--brand", "DEMO", "--right", "*"); err != nil {
		return err
	}
	b.signUps.Store(int64(b.options.customers))
	end := time.Now().Add(time.Minute + time.Duration(b.options.customers)*20*time.Millisecond)
	made := rig.Crowd{To: b.ours.Address, From: rig.Here, Size: 16, Number: rig.UpTo(int64(b.options.customers)), Message: func(int) *rig.Message { return signUp() }}.Run(time.Time{}, end)
	if made.Count(rig.Done) != b.options.customers {
		return fmt.Errorf("making %d customers: %s", b.options.customers, made)
	}
	_, err = b.pool.Exec(ctx, "analyze") // statements that were planned on empty tables are planned anew
	return err
}

// serve starts a server of the database.
func (b *bench) serve(ctx context.Context, name string, flags ...string) (*rig.Process, error) {
	c := exec.CommandContext(ctx, b.this.File, append([]string{"serve", "--demo", "--listen", "127.0.0.1:0", "--name", name, "--store", b.cluster.DSN("postgres"),
		"--tmf-pin-key", filepath.Join(b.dir, "pin-key"), "--call-log", filepath.Join(b.dir, "calls of "+name)}, flags...)...)
	return rig.Start(c, filepath.Join(b.dir, "printed by "+name), serving)
}

// beside starts what the server is compared with: one of an older commit, and the bare program.
func (b *bench) beside(ctx context.Context) (err error) {
	var why string
	if b.older, why, err = rig.Base(ctx, b.dir, b.options.base); err != nil {
		return err
	}
	if why != "" {
		fmt.Fprintln(os.Stderr, why)
	}
	if b.older != nil {
		if err := b.older.Prepare(ctx, nil, b.options.customers, signUp); err != nil {
			return err
		}
		if b.base, err = b.older.StartCopy(ctx); err != nil {
			return err
		}
		if err := b.base.Know(rig.Honest); err != nil {
			return err
		}
	}
	b.bare, err = newBare(ctx, b.cluster.DSN("postgres"), func() (string, error) {
		n := b.signUps.Add(1)
		t := rig.Crowd{To: b.ours.Address, From: rig.Here, Size: 1, Once: true, Number: func() (int64, bool) { return n, true }, Message: func(int) *rig.Message { return signUp() }}.Run(time.Time{}, time.Now().Add(10*time.Second))
		if t.Count(rig.Done) != 1 {
			return "", fmt.Errorf("a sign-up: %s", t)
		}
		return fmt.Sprintf("user%08d", n), nil
	})
	return err
}

func (b *bench) stop() (err error) {
	if b.bare != nil {
		b.bare.pool.Close()
	}
	if b.pool != nil {
		b.pool.Close()
	}
	if b.ours != nil {
		err = errors.Join(err, b.ours.Stop())
	}
	if b.base != nil {
		err = errors.Join(err, b.base.Stop())
	}
	for _, c := range []*cluster.Cluster{b.standby, b.cluster} {
		if c != nil {
			err = errors.Join(err, c.Stop())
		}
	}
	return err
}
