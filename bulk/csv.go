package bulk

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rator/batch/table"
	"rator/workflow/contract"
)

// CSV reads customers of whom a row says all: one user, one line, one option more or less.
// Its columns are named by the keys of the members (FIRST_NAME), below the name of what
// they are of where that does not say which one (USER.STATE, SUBSCRIBED_OPTION[2].ID).
type CSV struct {
	reader  Reader
	zone    *time.Location
	table   *table.Table
	columns []column
	names   map[string]string // of the columns, by the paths of what is in them
}

// column is where the cells of a column go.
type column struct {
	path []step
	plan *plan
}

// OpenCSV reads the header of a file, whose name is for messages. Days without a time begin
// in zone, which is the brand's.
func OpenCSV(file string, src io.Reader, r Reader, zone *time.Location) (*CSV, error) {
	t, err := table.Open(file, src)
	if err != nil {
		return nil, err
	}
	r.days = true
	c := &CSV{reader: r, zone: zone, table: t, names: map[string]string{}}
	for i, name := range t.Names {
		col, err := columnOf(strings.TrimSpace(name))
		if err == nil && c.names[trail(col.path).String()] != "" {
			err = fmt.Errorf("is there twice, here and as %s", c.names[trail(col.path).String()])
		}
		if err != nil {
			return nil, fmt.Errorf("%s: column %d, %q: %w", t.At(i), i+1, name, err)
		}
		c.names[trail(col.path).String()] = name
		c.columns = append(c.columns, col)
	}
	return c, nil
}

// Line reads a row that says something, and the line it begins on, as a line of the format:
// what is wrong with it Read says. io.EOF comes after the last; after another error, which
// names the place, there may be more.
func (c *CSV) Line() (line []byte, at int, err error) {
	for {
		row, err := c.table.Next()
		if err != nil {
			return nil, 0, err
		}
		if slices.ContainsFunc(row.Cells, func(cell string) bool { return cell != "" }) { // spreadsheets leave others
			return c.line(row.Cells), row.Line, nil
		}
	}
}

// Read reads what Line gave, on any goroutine. Mistakes have the names of the columns for
// paths.
func (c *CSV) Read(line []byte) (*Customer, []Mistake) {
	customer, mistakes := c.reader.Read(line)
	c.Named(mistakes)
	return customer, mistakes
}

// Named has mistakes that Fill and Number found name columns, too.
func (c *CSV) Named(mistakes []Mistake) {
	for n := range mistakes {
		mistakes[n].Path = c.named(mistakes[n].Path)
	}
}

// named is the column of a path, else the key that would be one.
func (c *CSV) named(path string) string {
	if name, ok := c.names[path]; ok {
		return name
	}
	for name, col := range columns() {
		if trail(col.path).String() == path {
			return name
		}
	}
	return path
}

// branch is what cells say, as JSON has it: members in order.
type branch struct {
	name   string
	leaf   string // JSON; "" = there are branches
	below  []*branch
	listed bool
}

func (b *branch) member(name string) *branch {
	for _, m := range b.below {
		if m.name == name {
			return m
		}
	}
	m := &branch{name: name}
	b.below = append(b.below, m)
	return m
}

// line is a row as a line of the format.
func (c *CSV) line(cells []string) []byte {
	root := &branch{below: []*branch{{name: "format", leaf: strconv.Quote(lineFormat)}, {name: "account"}}}
	for i, cell := range cells {
		if cell = strings.TrimSpace(cell); cell == "" {
			continue
		}
		at := root
		for _, s := range c.columns[i].path {
			if s.name == "" {
				at.listed = true
				at = at.member(strconv.Itoa(s.n))
				continue
			}
			at = at.member(s.name)
		}
		at.leaf = c.json(c.columns[i].plan, cell)
	}
	return root.append(nil)
}

func (b *branch) append(to []byte) []byte {
	if b.leaf != "" {
		return append(to, b.leaf...)
	}
	open, end := byte('{'), byte('}')
	if b.listed {
		open, end = '[', ']'
	}
	to = append(to, open)
	for n, m := range b.below {
		if n > 0 {
			to = append(to, ',')
		}
		if !b.listed {
			to = append(strconv.AppendQuote(to, m.name), ':')
		}
		to = m.append(to)
	}
	return append(to, end)
}

var numeral = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// json is a cell as JSON; one that is not of its form stays a text, which Read refuses.
func (c *CSV) json(p *plan, cell string) string {
	switch {
	case p.form == whole && numeral.MatchString(cell), p.form == truth && (cell == "true" || cell == "false"):
		return cell
	case p.form == moment:
		if day, err := time.ParseInLocation(time.DateOnly, cell, c.zone); err == nil {
			cell = day.UTC().Format(time.RFC3339)
		}
	}
	w := writer{}
	w.text(cell)
	return string(w.b)
}

// rowed are the lists of which a row has elements, and the account.
var rowed = []string{"account", "users", "billing_groups", "subscriptions", "services", "options", "recharge_tickets"}

// columns are those that a row may have, by their names: each under the name of what it is
// of, and without that where nothing else has one so named.
func columns() map[string]column {
	all, times := map[string]column{}, map[string]int{}
	var short []string
	for _, of := range rowed {
		m := &linePlan().members[linePlan().byName[of]]
		p, path := m.plan, []step{{name: m.name}}
		if p.form == list {
			p, path = p.each, append(path, step{})
		}
		for k := range p.members {
			part := &p.members[k]
			col := column{append(slices.Clip(path), step{name: part.name}), part.plan}
			if part.plan.form == object {
				at, ok := part.plan.byName["amount"]
				if !ok {
					continue
				}
				col = column{append(col.path, step{name: "amount"}), part.plan.members[at].plan}
			}
			if col.plan.form == list || part.version || part.secret || part.implied != zero {
				continue
			}
			name := strings.ToUpper(part.name)
			all[thing(p.of)+"."+name] = col
			if times[name]++; times[name] == 1 {
				short = append(short, name)
			}
			all[name] = col
		}
	}
	for _, name := range short {
		if times[name] > 1 {
			delete(all, name)
		}
	}
	return all
}

// thing is what a kept type is called in columns: BILLING_GROUP.
func thing(t reflect.Type) string { return strings.ToUpper(snake(t.Name())) }

var numbered = regexp.MustCompile(`^([A-Z_]+)\[([1-9])\]\.`)

// columnOf is the column of a name.
func columnOf(name string) (column, error) {
	known := columns()
	item := 0
	plain := name
	if m := numbered.FindStringSubmatch(name); m != nil {
		item, _ = strconv.Atoi(m[2])
		plain = m[1] + "." + name[len(m[0]):]
	}
	col, ok := known[plain]
	if !ok {
		var same []string
		for k := range known {
			if strings.HasSuffix(k, "."+plain) {
				same = append(same, k)
			}
		}
		if slices.Sort(same); len(same) > 0 {
			return col, errors.New("may mean " + oneOf(same) + "; write which")
		}
		names := make([]string, 0, len(known))
		for k := range known {
			names = append(names, k)
		}
		slices.Sort(names)
		return col, errors.New("is no column" + contract.Suggest(name, names))
	}
	if item > 1 {
		col.path = slices.Clone(col.path)
		if len(col.path) < 2 || col.path[1].name != "" {
			return col, errors.New("is of something that there is one of")
		}
		col.path[1].n = item - 1
	}
	return col, nil
}
