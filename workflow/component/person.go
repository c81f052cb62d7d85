package component

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
	"time"
	"unicode/utf8"

	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

// longestPersonPage is how much text a page of a person's data has, in bytes.
const longestPersonPage = 512 << 10

// personsList is its name in cursors.
const personsList = "person"

func init() {
	register(Component{
		Name: "person_data", Area: viewArea, Reads: true,
		Desc: "Everything that is kept of a customer, or of a user who is not its owner what is that user's alone: PERSON_DATA, a JSON object as a line of rator export, and PERSON_HISTORY, a JSON object a line, both in pages: NEXT_CURSOR, empty when nothing follows. " +
			"Needs one of USER_ID, ACCOUNT_ID and CUSTOMER_NUMBER.",
		In:    []Param{text("USER_ID"), text("ACCOUNT_ID"), text("CUSTOMER_NUMBER"), text("CURSOR")},
		Out:   []string{"ACCOUNT_ID", "PERSON_DATA", "PERSON_HISTORY", "NEXT_CURSOR"},
		Fails: []*failure.Code{customer.UnknownUser, customer.UnknownAccount, customer.UnknownCustomer},
		Run:   personData,
	})
}

// Persons says what is kept of people. Whoever wires the server gives it, for it looks
// where components may not.
type Persons interface {
	// Data is a customer as JSON, without what is secret.
	Data(tx store.Tx, brand *Brand, w *customer.Whole) ([]byte, error)
	// History is what happened to it at a time or later, the oldest first; user != 0 wants
	// only what is about that user and what of w is the user's.
	History(tx store.Tx, w *customer.Whole, user store.ID, since time.Time) ([]PersonEvent, error)
}

// PersonEvent is one thing that happened, as JSON on one line.
type PersonEvent struct {
	At   time.Time
	JSON []byte
}

func personData(c *Call, in value.Tree) (value.Tree, error) {
	w, user, err := c.person(in)
	if err != nil {
		return nil, err
	}
	if c.Persons == nil {
		return nil, errors.New("component: nobody says what is kept of people")
	}
	position, err := c.cursorOf(in, personsList)
	if err != nil {
		return nil, err
	}
	c.touch(w.Account.ID)
	c.touch(user)
	page := personPage{left: longestPersonPage}
	if err := page.read(c, w, user, position); err != nil {
		return nil, err
	}
	return value.Tree{
		value.OfString("ACCOUNT_ID", w.Account.ID.String()), value.OfString("PERSON_DATA", page.data),
		value.OfString("PERSON_HISTORY", page.history.String()), c.nextCursor(personsList, page.next),
	}, nil
}

// person finds who is asked for; user is 0 for the whole customer.
func (c *Call) person(in value.Tree) (w *customer.Whole, user store.ID, err error) {
	number := in.Text("CUSTOMER_NUMBER")
	var account store.ID
	if err := idsOf(in, map[string]*store.ID{"USER_ID": &user, "ACCOUNT_ID": &account}); err != nil {
		return nil, 0, err
	}
	named := 0
	for _, given := range []bool{user != 0, account != 0, number != ""} {
		if given {
			named++
		}
	}
	if named != 1 {
		return nil, 0, failure.InvalidRequest.With("name one of USER_ID, ACCOUNT_ID and CUSTOMER_NUMBER")
	}
	var u *customer.User
	switch {
	case user != 0:
		if u, err = customer.UserByID(c.Tx, c.Brand, user); err == nil {
			account = u.Account
		}
	case number != "":
		var a *customer.Account
		if a, _, err = customer.FindByCustomerNumber(c.Tx, c.Brand, number); err == nil {
			account = a.ID
		}
	}
	if err != nil {
		return nil, 0, err
	}
	if w, err = c.wholeOf(account); err != nil {
		return nil, 0, err
	}
	if u == nil || w.Account.Owner == u.ID {
		return w, 0, nil
	}
	return w.OfUser(u), u.ID, nil
}

// personPage is a page of what is kept of a person: what of its data is left, then what
// happened. next is where the next begins.
//
// A position in the data is 'd', the offset, and a checksum of all of it, by which is seen
// that it changed. One in the history is 'h', a time in microseconds, and how many of that
// time were told: what comes to the end meanwhile is told as well.
type personPage struct {
	left    int
	data    string
	history strings.Builder
	next    []byte
}

func (p *personPage) read(c *Call, w *customer.Whole, user store.ID, position []byte) error {
	kind, at, more := byte('d'), uint64(0), uint32(0)
	if position != nil {
		if len(position) != 13 {
			return failure.InvalidRequest.With("CURSOR is not one that an answer gave")
		}
		kind, at, more = position[0], binary.BigEndian.Uint64(position[1:]), binary.BigEndian.Uint32(position[9:])
	}
	since, told := time.UnixMicro(int64(at)), int(more)
	if kind == 'd' {
		if whole, err := p.readData(c, w, position != nil, int(at), more); err != nil || !whole {
			return err
		}
		since, told = time.Time{}, 0
	}
	return p.readHistory(c, w, user, since, told)
}

// readData takes the data from an offset on, as much as the page has room for; whole says
// that this is the end of it.
func (p *personPage) readData(c *Call, w *customer.Whole, again bool, offset int, sum uint32) (whole bool, err error) {
	data, err := c.Persons.Data(c.Tx, c.Brand, w)
	if err != nil {
		return false, err
	}
	is := crc32.ChecksumIEEE(data)
	if again && (is != sum || offset > len(data)) {
		return false, failure.InvalidRequest.With("CURSOR: the customer changed since the page before: begin anew, without CURSOR")
	}
	end := min(len(data), offset+p.left)
	for end < len(data) && !utf8.RuneStart(data[end]) {
		end--
	}
	p.data = string(data[offset:end])
	p.left -= end - offset
	if end < len(data) {
		p.next = personPosition('d', uint64(end), is)
		return false, nil
	}
	return true, nil
}

func (p *personPage) readHistory(c *Call, w *customer.Whole, user store.ID, since time.Time, told int) error {
	events, err := c.Persons.History(c.Tx, w, user, since)
	if err != nil {
		return err
	}
	last, same := since, 0
	for i, e := range events {
		if !e.At.Equal(last) {
			last, same = e.At, 0
		}
		same++
		if e.At.Equal(since) && same <= told {
			continue
		}
		if p.history.Len() > 0 && len(e.JSON) > p.left {
			p.next = personPosition('h', uint64(events[i].At.UnixMicro()), uint32(same-1))
			return nil
		}
		p.history.Write(e.JSON)
		p.history.WriteByte('\n')
		p.left -= len(e.JSON) + 1
	}
	return nil
}

func personPosition(kind byte, at uint64, more uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64([]byte{kind}, at), more)
}
