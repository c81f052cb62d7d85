package main

import (
	"fmt"
	"strings"

	"rator/server"
	"rator/store/address"
)

type schemaCommand struct {
	Address string `arg:"" optional:"" help:"Database to look at: postgres://USER@HOST/DATABASE."`
}

func (c *schemaCommand) Help() string {
	return `Prints the statements of SQL that make the tables of a store in PostgreSQL. With the address of a
database it prints what would be done to the store there before this version of rator can use it, and changes
nothing; the first command that opens the store does it.

  rator schema
  rator schema postgres://rator@db.example.net/rator`
}

func (c *schemaCommand) Run(t *terminal) error {
	if c.Address != "" && !address.Is(c.Address) {
		return misused(fmt.Errorf("%s is no address: postgres://USER@HOST/DATABASE", c.Address))
	}
	says, err := server.Schema(t.ctx, c.Address)
	if err != nil {
		return reached(err)
	}
	if len(says) == 0 {
		_, err := fmt.Fprintln(t.out, "-- nothing is to be done")
		return err
	}
	for _, sql := range says {
		if !strings.HasPrefix(sql, "--") {
			sql += ";"
		}
		if _, err := fmt.Fprintln(t.out, sql); err != nil {
			return err
		}
	}
	return nil
}
