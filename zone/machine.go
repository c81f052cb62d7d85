package zone

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Machine is the name of this machine's zone: TZ's, else that of the file that
// /etc/localtime leads to, else the one in /etc/timezone. A machine without any is in
// UTC. The error says where a name was looked for that is none.
func Machine() (string, error) { return machine(os.LookupEnv, "/") }

func machine(env func(string) (string, bool), root string) (string, error) {
	if tz, set := env("TZ"); set {
		tz = inDatabase(strings.TrimPrefix(tz, ":"))
		if tz == "" {
			return "UTC", nil
		}
		_, err := Named(tz)
		return tz, wrap("TZ", err)
	}
	file := filepath.Join(root, "etc/localtime")
	if target, err := os.Readlink(file); err == nil {
		if tz := inDatabase(target); tz != target {
			_, err := Named(tz)
			return tz, wrap(file, err)
		}
	}
	text, err := os.ReadFile(filepath.Join(root, "etc/timezone"))
	if tz := strings.TrimSpace(string(text)); err == nil && tz != "" {
		_, err := Named(tz)
		return tz, wrap("/etc/timezone", err)
	}
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return "UTC", nil
	}
	return "", errors.New(file + " is a file of its own and does not say its name")
}

// inDatabase takes the folder of the database off a path.
func inDatabase(path string) string {
	if _, name, found := strings.Cut(path, "zoneinfo/"); found {
		return name
	}
	return path
}

func wrap(where string, err error) error {
	if err == nil {
		return nil
	}
	return errors.New(where + ": " + err.Error())
}
