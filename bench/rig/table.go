package rig

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

// Bound is what a figure is to reach; 0 is no bound.
type Bound struct {
	More       bool // at least so much, else at most
	Sign, Goal float64
}

func (b Bound) reached(value float64) bool {
	if b.More {
		return value >= b.Sign
	}
	return value <= b.Sign
}

func (b Bound) said(limit float64) string {
	switch {
	case limit == 0:
		return "-"
	case b.More:
		return fmt.Sprintf("≥ %.2f", limit)
	}
	return fmt.Sprintf("≤ %.2f", limit)
}

// Row is a ratio, or another figure that means the same on every machine, as the base
// and as this checkout showed it; nil where there is nothing to make it of.
type Row struct {
	Name   string   `json:"name"`
	Base   *float64 `json:"base,omitempty"`
	This   *float64 `json:"this"`
	ToSign string   `json:"toSign"`
	Goal   string   `json:"goal"`
	OK     *bool    `json:"ok,omitempty"` // nil = nothing is to be reached, or nobody can tell
	Bound  Bound    `json:"-"`
}

// NewRow judges this.
func NewRow(name string, base, this *float64, b Bound) Row {
	r := Row{Name: name, Base: base, This: this, ToSign: b.said(b.Sign), Goal: b.said(b.Goal), Bound: b}
	if this != nil && b.Sign != 0 {
		ok := b.reached(*this)
		r.OK = &ok
	}
	return r
}

// PrintRows writes rows with a heading, to a writer that makes columns of tabs.
func PrintRows(to io.Writer, rows []Row) {
	fmt.Fprintln(to, "\tbase\tthis\tto sign\t\tgoal")
	for _, r := range rows {
		verdict := "-"
		if r.OK != nil && *r.OK {
			verdict = "reached"
		} else if r.OK != nil {
			verdict = "MISS"
		}
		fmt.Fprintf(to, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Name, Shown(r.Base), Shown(r.This), r.ToSign, verdict, r.Goal)
	}
}

// Shown is a figure as a reader wants it, - for none.
func Shown(value *float64) string {
	if value == nil {
		return "-"
	}
	return fmt.Sprintf("%.2f", *value)
}

// Machine names processor, their number and the system.
func Machine() string {
	model := runtime.GOARCH
	if f, err := os.Open("/proc/cpuinfo"); err == nil {
		defer f.Close()
		for s := bufio.NewScanner(f); s.Scan(); {
			if name, value, _ := strings.Cut(s.Text(), ":"); strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	release, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return strings.TrimSpace(fmt.Sprintf("%s, %d processors, %s %s", model, runtime.NumCPU(), runtime.GOOS, release))
}
