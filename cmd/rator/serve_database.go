package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"rator/server"
	"rator/store"
	"rator/store/address"
)

// standbyFlags say where calls that read may look.
type standbyFlags struct {
	StoreRead    string        `help:"Standby of the store's database, where calls that read look while it is not further behind than --store-read-lag: postgres://USER@HOST/DATABASE." placeholder:"ADDRESS"`
	StoreReadLag time.Duration `help:"How much older than the newest at most is what calls may see of --store-read, at least 500ms." default:"1s"`
}

// beside says which flags a server of a database needs, beside which nothing can lie.
func (c *serveCommand) beside(at string) error {
	switch {
	case !address.Is(at) && c.StoreRead != "":
		return errors.New("--store-read: a store in a file has no standby")
	case !address.Is(at):
		return nil
	case c.StoreRead != "" && !address.Is(c.StoreRead):
		return errors.New("--store-read: the address of a standby is postgres://USER@HOST/DATABASE")
	case c.TMFPinKey == "":
		return errors.New("--tmf-pin-key: a store in a database has no file beside which the key of its PINs could lie; name one, which is made when it is not there, and keep a copy of it")
	case c.CallLog == "":
		return errors.New("--call-log: a store in a database has no file beside which the call log could lie; name a folder for it, or off for none")
	}
	return nil
}

// usualName is what a server is called that is given no name: another one of the machine has
// another port.
func usualName(at *server.Listeners) string {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	_, port, err := net.SplitHostPort(at.Calls.Addr().String())
	if err != nil {
		port = fmt.Sprint(os.Getpid()) // of a socket that has none
	}
	return host + ":" + port
}

// usualCallLog is where a call log lies that another start may have kept; "" = nowhere.
func usualCallLog(store string) string {
	if address.Is(store) {
		return ""
	}
	return server.CallLogOf(store)
}

// newKey says what is lost with the key file that is not there, before a new one is made. Of
// a database that was served with one, none is made: it lies where that server was.
func (c *serveCommand) newKey(t *terminal, st store.Store, at string) error {
	if !address.Is(at) {
		return tellPINs(t, st, c.TMFPinKey)
	}
	return st.View(t.ctx, func(tx store.Tx) error {
		_, others, err := server.KnowsKey(tx, nil)
		if err == nil && others > 0 {
			err = fmt.Errorf("--tmf-pin-key: there is no %s, and store %s was served with a key; bring its file here from where it was served", c.TMFPinKey, address.Shown(at))
		}
		return err
	})
}
