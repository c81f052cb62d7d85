package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// privateFiles finds files with customers or secrets that others may read or change.
func privateFiles(in *Installation) []found {
	var all []found
	for _, file := range []string{in.Store, in.KeyFile, in.CallLog, newestFile(in.Backups)} {
		all = append(all, opened(file, 0o077, "may be read or changed by others than its owner")...)
	}
	// A key of TLS may belong to a group, such as that of those who renew it.
	all = append(all, opened(in.TLSKey, 0o037, "may be read or changed by everybody, or changed by its group")...)
	return wellOr(all, "the store, keys, call log and backups are their owner's")
}

// trustedFiles finds what the server believes and others may change.
func trustedFiles(in *Installation) []found {
	var all []found
	files := []string{in.File, in.TLSCert, in.ClientCA, in.Hookpoints, in.Catalogue, filepath.Dir(in.Store)}
	for _, file := range files {
		all = append(all, opened(file, 0o022, "may be changed by others than its owner")...)
	}
	return wellOr(all, "settings, certificates, hookpoints and the store's folder are changed by their owner alone")
}

// opened tells whether a file or folder has one of the bits of mode; one that is not there
// has none. In a folder with the sticky bit others may make files, and change no one's.
func opened(file string, bits fs.FileMode, what string) []found {
	if file == "" {
		return nil
	}
	at, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return one(Warning, file, err.Error()+": look as the server's user")
	case at.Mode().Perm()&bits == 0:
		return nil
	case at.Mode()&fs.ModeSticky != 0:
		return one(Warning, file, fmt.Sprintf("%s (mode %04o) takes files of everybody", file, at.Mode().Perm()))
	}
	return one(Mistake, file, fmt.Sprintf("%s (mode %04o) %s", file, at.Mode().Perm(), what))
}

// reserve is what a disk should have, whatever the store's size: a day of logs and of new customers.
const reserve = 256 << 20

// diskRoom looks whether the store can grow, and be copied once for an upgrade of its
// form, a compact or a restore.
func diskRoom(in *Installation) []found {
	free := in.free
	if free == nil {
		free = freeBytes
	}
	size, need := sizeOf(in.Store), map[string]int64{}
	if !in.Database {
		need[filepath.Dir(in.Store)] = size + reserve
	}
	if in.CallLog != "" {
		need[filepath.Dir(in.CallLog)] = max(need[filepath.Dir(in.CallLog)], in.CallLogBytes)
	}
	var all []found
	for _, dir := range sortedKeys(need) {
		room, err := free(existing(dir))
		of := fmt.Sprintf("%s: %s free; the store has %s", dir, mebibytes(room), mebibytes(size))
		if in.Database {
			of = fmt.Sprintf("%s: %s free; the database has a disk of its own, which is not looked at", dir, mebibytes(room))
		}
		switch {
		case err != nil:
			all = append(all, found{Warning, dir, fmt.Sprintf("%s: %v", dir, err)})
		case room < reserve/4:
			all = append(all, found{Mistake, dir, of + ": soon changes are refused with STORE_FULL"})
		case room < need[dir]:
			all = append(all, found{Warning, dir, of + ", and a copy of it has no room"})
		default:
			all = append(all, found{OK, dir, of})
		}
	}
	return all
}

func sortedKeys(m map[string]int64) (keys []string) {
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func freeBytes(dir string) (int64, error) {
	var room syscall.Statfs_t
	if err := syscall.Statfs(dir, &room); err != nil {
		return 0, err
	}
	return int64(room.Bavail) * int64(room.Bsize), nil
}

// existing is a folder, or the nearest above it that is there.
func existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

func sizeOf(file string) int64 {
	at, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return at.Size()
}

func mebibytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

// A backup a day, with some hours for it to be late; after a week nobody looks after them.
const (
	lateBackup = 26 * time.Hour
	oldBackup  = 7 * 24 * time.Hour
)

// backupsAge looks when the newest backup was made.
func backupsAge(in *Installation) []found {
	if in.Backups == "" {
		return nil
	}
	if _, err := os.ReadDir(in.Backups); err != nil {
		return one(Mistake, in.Backups, err.Error())
	}
	file := newestFile(in.Backups)
	if file == "" {
		return one(Mistake, in.Backups, in.Backups+" has no backup")
	}
	at, err := os.Stat(file)
	if err != nil {
		return one(Mistake, in.Backups, err.Error())
	}
	age := in.Now.Sub(at.ModTime()).Round(time.Minute)
	what := fmt.Sprintf("%s is %s old, and has %s", file, age, mebibytes(at.Size()))
	switch {
	case at.Size() == 0:
		return one(Mistake, in.Backups, file+" is empty")
	case age > oldBackup:
		return one(Mistake, in.Backups, what)
	case age > lateBackup:
		return one(Warning, in.Backups, what)
	}
	return one(OK, "", what)
}

// newestFile is the file of a folder that was changed last; "" = there is none. What is
// hidden does not count, nor does a backup that is not whole yet, nor a copy of a key.
func newestFile(dir string) (newest string) {
	entries, err := os.ReadDir(dir)
	if dir == "" || err != nil {
		return ""
	}
	var last time.Time
	for _, e := range entries {
		at, err := e.Info()
		name := e.Name()
		if err != nil || !at.Mode().IsRegular() || name[0] == '.' || strings.Contains(name, ".part-") || strings.HasSuffix(name, ".pin-key") {
			continue
		}
		if newest == "" || at.ModTime().After(last) {
			newest, last = filepath.Join(dir, name), at.ModTime()
		}
	}
	return newest
}
