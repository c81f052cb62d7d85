package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
	"rator/store"
	"rator/store/bolt"
	"rator/suite"
)

// backedUp is a store with the demo's catalogue, and a backup of it.
func backedUp(t *testing.T) (file, backup string) {
	t.Helper()
	file = servertest.StoreFile(t)
	backup = filepath.Join(t.TempDir(), "backup.db")
	if o := rator(t, "", "backup", "--store", file, backup); o.code != exitOK {
		t.Fatalf("%+v", o)
	}
	return file, backup
}

func content(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRestore(t *testing.T) {
	file, backup := backedUp(t)
	saved := content(t, backup)
	elsewhere := filepath.Join(t.TempDir(), "new.db")
	o := rator(t, "", "restore", "--store", elsewhere, backup)
	if o.code != exitOK || !strings.Contains(o.out, elsewhere+": ") || !strings.Contains(o.out, " records restored from "+backup) || o.err != "" {
		t.Errorf("%+v", o)
	}
	if content(t, elsewhere) != saved || content(t, backup) != saved {
		t.Error("it is not the backup byte for byte")
	}
	if stat, err := os.Stat(elsewhere); err != nil || stat.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", stat.Mode(), err)
	}
	if o := rator(t, "", "operator", "disable", server.DemoOperator, "--store", file); o.code != exitOK {
		t.Fatalf("%+v", o)
	}
	before := content(t, file)
	if o := rator(t, "", "restore", "--store", file, backup); o.code != exitUsage || !strings.Contains(o.err, "exists; name another --store, or replace it with --replace") {
		t.Errorf("%+v", o)
	}
	if o := rator(t, "", "restore", "--store", file, "--replace", file); o.code != exitUsage || !strings.Contains(o.err, "is the store itself") {
		t.Errorf("%+v", o)
	}
	if content(t, file) != before {
		t.Fatal("the store that is there was changed")
	}
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if o := rator(t, "", "restore", "--store", link, "--replace", backup); o.code != exitOK {
		t.Errorf("%+v", o)
	}
	if content(t, file) != saved {
		t.Error("a store behind a link is not replaced")
	}
	// One that is damaged is what backups are for.
	if err := os.WriteFile(file, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := rator(t, "", "restore", "--store", file, "--replace", backup); o.code != exitOK || content(t, file) != saved {
		t.Errorf("over a damaged store: %+v", o)
	}
	if files, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*.part-*")); err != nil || len(files) > 0 {
		t.Errorf("left behind: %v %v", files, err)
	}
}

// TestRestoreRefuses what is no whole backup, and what has a store that is in use; the
// store that is there stays.
func TestRestoreRefuses(t *testing.T) {
	file, backup := backedUp(t)
	saved, before := content(t, backup), content(t, file)
	// The file may hold an older copy, in a page that nothing uses any more.
	flipped := []byte(strings.ReplaceAll(saved, `"Name":"demo"`, `"Name":"eemo"`))
	dir := t.TempDir()
	for name, bad := range map[string]string{"cut off": saved[:len(saved)/2], "a byte changed": string(flipped), "empty": ""} {
		o := rator(t, "", "restore", "--store", file, "--replace", servertest.Write(t, dir, "bad.db", bad))
		if o.code != exitFailed || !strings.Contains(o.err, "bad.db is not whole, so nothing was restored") {
			t.Errorf("%s: %+v", name, o)
		}
		if content(t, file) != before {
			t.Fatalf("%s: the store was changed", name)
		}
	}
	p := startServer(t, "--store", file)
	if o := rator(t, "", "restore", "--store", file, "--replace", backup); o.code != exitUnreachable || !strings.Contains(o.err, "another process has the file open") {
		t.Errorf("a served store: %+v", o)
	}
	if o := rator(t, "", "restore", "--store", filepath.Join(dir, "new.db"), file); o.code != exitUnreachable || !strings.Contains(o.err, "another process has the file open") {
		t.Errorf("of a served store: %+v", o)
	}
	p.stop(t)
	if err := roomFor(backup, dir); err != nil {
		t.Error(err)
	}
	sparse := servertest.Write(t, dir, "sparse", "")
	if err := os.Truncate(sparse, 1<<42); err != nil {
		suite.Missing(t, "no sparse files here: "+err.Error())
	}
	if err := roomFor(sparse, dir); err == nil || !strings.Contains(err.Error(), "has 4398046511104 bytes and "+dir+" room for ") {
		t.Errorf("no room: %v", err)
	}
}

// TestRestoreTellsWhatIsMissing: the key of PINs, which no backup has, and what was
// wrong when it was made.
func TestRestoreTellsWhatIsMissing(t *testing.T) {
	s := servertest.Over(t, filepath.Join(t.TempDir(), "rator.db"), true)
	if status, body := s.CallTMF(t, "POST", "/customerManagement/customerAccount", `{"name":"a","accountType":"t","pin":"9753"}`); status != 201 {
		t.Fatalf("%d %s", status, body)
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	f, err := os.Create(backup)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := s.Store.Backup(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), "new.db")
	key := server.KeyFileOf(target)
	says := "the store has 1 PINs, of which 1 cannot be read with " + key
	if o := rator(t, "", "restore", "--store", target, backup); o.code != exitOK || !strings.Contains(o.err, says) {
		t.Errorf("without a key: %+v", o)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a key was made")
	}
	p := startServer(t, "--demo", "--store", target)
	if !strings.Contains(p.log.String(), says) {
		t.Errorf("the start does not say it: %s", p.log.String())
	}
	p.stop(t)
	if o := rator(t, "", "restore", "--store", target, "--replace", backup); o.code != exitOK || !strings.Contains(o.err, says) {
		t.Errorf("with another key: %+v", o)
	}

	st := servertest.OpenStore(t, target)
	err = st.Update(t.Context(), func(tx store.Tx) error {
		records, err := tx.Scan("operator_token", 0, 1)
		if err != nil || len(records) > 0 {
			return err
		}
		id, err := tx.NextID()
		if err != nil {
			return err
		}
		return tx.Insert("operator_token", store.Record{ID: id, Doc: []byte(`{"Operator":"gone","Hash":"0"}`), Keys: []store.Key{
			{Index: "hash", Value: "0", Unique: true}, {Index: "operator", Value: "gone"}}})
	})
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	o := rator(t, "", "restore", "--store", filepath.Join(t.TempDir(), "faulty.db"), target)
	if o.code != exitOK || !strings.Contains(o.out, "operator token ") || !strings.Contains(o.err, "2 faults, which were in the store when it was backed up") {
		t.Errorf("with faults: %+v", o)
	}
}

// TestVerifyChangesNothing: the file may be one that can only be read, in a folder in
// which nothing can be made; its bytes and its time stay.
func TestVerifyChangesNothing(t *testing.T) {
	_, backup := backedUp(t)
	old, err := filepath.Abs("../../testdata/store/format-1.db")
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{backup, old} {
		dir := filepath.Join(t.TempDir(), "dir")
		file := servertest.Write(t, dir, "rator.db", content(t, from))
		then := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
		if err := os.Chtimes(file, then, then); err != nil {
			t.Fatal(err)
		}
		for path, mode := range map[string]os.FileMode{file: 0o444, dir: 0o555} {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
		}
		t.Cleanup(func() { _ = os.Chmod(dir, 0o755) })
		held, err := bolt.Hold(file, true) // also root cannot open it for writing now
		if err != nil {
			t.Fatal(err)
		}
		defer held.Close()
		for _, command := range []string{"verify", "backup -", "operator list", "operator token list", "catalogue export", "hub list"} {
			o := rator(t, "", append(strings.Fields(command), "--store", file)...)
			if o.code != exitOK || o.err != "" {
				t.Errorf("%s: %d %.300s", command, o.code, o.err)
			}
		}
		stat, err := os.Stat(file)
		if err != nil || !stat.ModTime().Equal(then) || content(t, file) != content(t, from) {
			t.Errorf("it was changed: %v %v", stat, err)
		}
		if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
			t.Errorf("left behind: %v %v", files, err)
		}
	}
}
