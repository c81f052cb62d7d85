package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
)

// refusal wants an address not to be opened, and the sentence that says why.
func refusal(t *testing.T, dsn, says string) {
	t.Helper()
	db, err := Open(context.Background(), dsn, Options{})
	if err == nil {
		err = fmt.Errorf("it was opened, and closed with %w", db.Close())
	}
	if !strings.Contains(err.Error(), says) {
		t.Errorf("%v; want %q", err, says)
	}
	if strings.Contains(err.Error(), "sesame") {
		t.Errorf("it shows the password: %v", err)
	}
}

// TestWrongPassword: a server that asks for passwords lets in who knows it, and who does not
// is told to look at it.
func TestWrongPassword(t *testing.T) {
	v := newVictim(t)
	run(t, v.cluster.DSN("postgres"), "create role clerk login password 'right'", "grant create on database postgres to clerk")
	if err := os.WriteFile(filepath.Join(v.dir, "data", "pg_hba.conf"), []byte("local all clerk scram-sha-256\nlocal all all trust\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(v.cluster.Stop(), v.start()); err != nil { // it reads that file
		t.Fatal(err)
	}
	as := func(user string) string { return strings.Replace(v.cluster.DSN("postgres"), "rator@", user+"@", 1) }
	refusal(t, as("clerk:open-sesame"), "the server does not let us in: check user and password, and pg_hba.conf")
	refusal(t, as("clerk"), "the server does not let us in: check user and password, and pg_hba.conf")
	if db, err := Open(context.Background(), as("clerk:right"), Options{}); err != nil || db.Close() != nil {
		t.Error(err)
	}
}

// TestNoRights: who may not enter a database, or make what a store is of, is told what is to
// be granted.
func TestNoRights(t *testing.T) {
	here := dsn(t, t.TempDir())
	if err := openAt(t, here, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	run(t, here, "drop database if exists closed", "create database closed", "revoke connect on database closed from public",
		"drop role if exists guest", "create role guest login")
	guest := strings.Replace(here, "rator@", "guest@", 1)
	refusal(t, strings.Replace(guest, "/postgres?", "/closed?", 1), "grant connect on the database")
	refusal(t, guest, "own the schema") // which another user made
}

// TestOldServer: a server that is too old is not begun with.
func TestOldServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	served := make(chan error, 1)
	go func() { served <- serveOld(l) }()
	refusal(t, fmt.Sprintf("postgres://rator@%s/rator?sslmode=disable&default_query_exec_mode=simple_protocol", l.Addr()), "the server is PostgreSQL 13, which is too old: 14 or later is needed")
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// serveOld is a server of version 13 for one caller, who asks it one thing.
func serveOld(l net.Listener) error {
	conn, err := l.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	server := pgproto3.NewBackend(conn, conn)
	if _, err := server.ReceiveStartupMessage(); err != nil {
		return err
	}
	server.Send(&pgproto3.AuthenticationOk{})
	for name, value := range map[string]string{"server_version": "13.11", "client_encoding": "UTF8", "standard_conforming_strings": "on"} {
		server.Send(&pgproto3.ParameterStatus{Name: name, Value: value})
	}
	server.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	if err := server.Flush(); err != nil {
		return err
	}
	for {
		asked, err := server.Receive()
		if err != nil {
			return err
		}
		if _, ends := asked.(*pgproto3.Terminate); ends {
			return nil
		}
		query, is := asked.(*pgproto3.Query)
		if !is || !strings.Contains(query.String, "server_version_num") {
			return fmt.Errorf("asked %#v", asked)
		}
		var fields []pgproto3.FieldDescription
		for n, of := range []uint32{23, 16, 25} { // int4, bool, text
			fields = append(fields, pgproto3.FieldDescription{Name: []byte{byte('a' + n)}, DataTypeOID: of, DataTypeSize: -1, TypeModifier: -1})
		}
		server.Send(&pgproto3.RowDescription{Fields: fields})
		server.Send(&pgproto3.DataRow{Values: [][]byte{[]byte("130011"), []byte("f"), []byte("UTF8")}})
		server.Send(&pgproto3.CommandComplete{CommandTag: []byte("SELECT 1")})
		server.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
		if err := server.Flush(); err != nil {
			return err
		}
	}
}
