package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
)

// Beside is the address of another database on the server of an address, postgres://….
func Beside(dsn, name string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", fmt.Errorf("database %s: %w", name, sentence(err))
	}
	u.Path = "/" + name
	return u.String(), nil
}

// MakeDatabase makes a database on the server of an address: an empty one, or with a template
// a copy of that one, to which nobody is connected.
func MakeDatabase(ctx context.Context, beside, name, template string) error {
	sql := "create database " + pgx.Identifier{name}.Sanitize() + " encoding 'UTF8' template "
	if template == "" {
		sql += "template0 locale 'C'"
	} else {
		// By files: a log of so many small tables costs more than the checkpoints that this takes.
		sql += pgx.Identifier{template}.Sanitize() + " strategy file_copy"
	}
	if err := administer(ctx, beside, sql); err != nil {
		return fmt.Errorf("database %s cannot be made: %w", name, sentence(err))
	}
	return nil
}

// keptSchema has copies of the tables of a store that SetBack sets it back to.
const keptSchema = "rator_set_back"

// written are the store's tables in which anything ever was.
const written = `select c.relname from pg_class c where c.relkind='r' and c.relnamespace='` + usualSchema + `'::regnamespace and pg_relation_size(c.oid)>0`

// Remember keeps what the store at an address has now, for SetBack. Nobody has it open.
func Remember(ctx context.Context, dsn string) error {
	err := administer(ctx, dsn, `do $$ declare t text; begin
		drop schema if exists `+keptSchema+` cascade;
		create schema `+keptSchema+`;
		for t in `+written+` loop
			execute format('create table `+keptSchema+`.%1$I as table `+usualSchema+`.%1$I', t);
		end loop;
	end $$`)
	if err != nil {
		return fmt.Errorf("what is in the database cannot be kept aside: %w", sentence(err))
	}
	return nil
}

// SetBack sets the store at an address, or in a copy of its database, back to what it was
// when Remember was called. It takes less than a copy of a database does.
func SetBack(ctx context.Context, dsn string) error {
	err := administer(ctx, dsn, `do $$ declare t text; begin
		perform pg_terminate_backend(pid) from pg_stat_activity where datname=current_database() and pid<>pg_backend_pid();
		set local lock_timeout='3s';
		for t in `+written+` loop
			execute format('delete from `+usualSchema+`.%I', t);
			if to_regclass(format('`+keptSchema+`.%I', t)) is not null then
				execute format('insert into `+usualSchema+`.%1$I select * from `+keptSchema+`.%1$I', t);
			end if;
		end loop;
	end $$`)
	if err != nil {
		return fmt.Errorf("the database cannot be set back: %w", sentence(err))
	}
	return nil
}

// DropDatabase drops a database on the server of an address, whoever is connected to it.
func DropDatabase(ctx context.Context, beside, name string) error {
	if err := administer(ctx, beside, "drop database if exists "+pgx.Identifier{name}.Sanitize()+" with (force)"); err != nil {
		return fmt.Errorf("database %s cannot be dropped: %w", name, sentence(err))
	}
	return nil
}

func administer(ctx context.Context, dsn, sql string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}
