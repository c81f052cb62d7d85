// Command bolt writes rows with bbolt and nothing else, one transaction after the other,
// each on the disk when the next begins: what a store over bbolt cannot be faster than,
// but by writing less. The rows are those that a sign-up of commit 5f5fc56 writes
// (signup.tsv), frozen, or six records of 200 bytes. It prints one line of JSON.
//
// The frozen rows were recorded so: a demo's server of that commit with an operator
// honest, whose rights are all; sign-ups of user00000001, user00000002 (rig.SignUp, with
// these names), and a backup after each; then
//
//	go run ./bench/bolt -record after1.db,after2.db > bench/bolt/signup.tsv
//
// Checksums and times in them are those of the recording.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
)

// result is what a measurement found.
type result struct {
	P50       float64 `json:"p50"`       // milliseconds of a transaction
	P99       float64 `json:"p99"`       // of the same
	PerSecond float64 `json:"perSecond"` // sign-ups
	CPU       float64 `json:"cpu"`       // microseconds of a sign-up, user and system
}

// loop is a measurement.
type loop struct {
	file   string // made where there is none
	rows   func() ([]row, error)
	group  int // sign-ups of one transaction
	times  int // transactions
	filled int // sign-ups that the file has at first, written unsynced
}

func main() {
	l := loop{rows: frozenRows}
	flag.StringVar(&l.file, "file", "", "`FILE` to write, made where there is none; a later run goes on in it")
	flag.IntVar(&l.group, "group", 1, "how many `SIGN-UPS` a transaction writes")
	flag.IntVar(&l.times, "times", 1000, "how many `TRANSACTIONS`")
	flag.IntVar(&l.filled, "filled", 0, "how many `SIGN-UPS` a new file has at first")
	six := flag.Bool("six", false, "write six records of 200 bytes instead of the frozen rows")
	recorded := flag.String("record", "", "`BEFORE,AFTER`: copies of a store, one sign-up apart, whose difference is printed as rows to freeze")
	flag.Parse()
	if *six {
		l.rows = sixRows
	}
	before, after, both := strings.Cut(*recorded, ",")
	var err error
	switch {
	case both:
		err = record(os.Stdout, before, after)
	case *recorded != "" || l.file == "" || l.group < 1 || l.times < 1 || flag.NArg() > 0:
		err = errors.New("a file to write, or two copies to compare: bolt -h")
	default:
		var r result
		if r, err = l.run(); err == nil {
			err = json.NewEncoder(os.Stdout).Encode(r)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bolt:", err)
		os.Exit(1)
	}
}

// run opens the file as the store does, and measures.
func (l loop) run() (r result, err error) {
	_, missing := os.Stat(l.file)
	db, err := bbolt.Open(l.file, 0o600, &bbolt.Options{NoFreelistSync: true, FreelistType: bbolt.FreelistMapType, InitialMmapSize: 1 << 30})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := l.rows()
	if err != nil {
		return r, err
	}
	w := writer{db: db, rows: rows}
	if missing != nil {
		if err := w.fill(l.filled); err != nil {
			return r, err
		}
	}
	if w.next, err = w.written(); err != nil {
		return r, err
	}
	return w.measure(l.group, l.times)
}

// measure times transactions; their rows are made before the clock runs.
func (w *writer) measure(group, times int) (r result, err error) {
	took := make([]time.Duration, times)
	var all, cpu time.Duration
	for i := range took {
		puts := w.make(group)
		begun, used := time.Now(), processorTime()
		if err := w.db.Update(puts.apply); err != nil {
			return r, err
		}
		took[i] = time.Since(begun)
		all += took[i]
		cpu += processorTime() - used
	}
	slices.Sort(took)
	signUps := float64(group * times)
	return result{
		P50:       millis(took[times/2]),
		P99:       millis(took[times*99/100]),
		PerSecond: signUps / all.Seconds(),
		CPU:       1000 * millis(cpu) / signUps,
	}, w.note()
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// processorTime is what this process took so far, user and system.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // of arguments that are right
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
