package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"rator/catalogue"
)

type catalogueNewCommand struct {
	File string `arg:"" help:"File to write, one that is not there; - for standard output."`

	Brand       string `help:"Key of the brand, as requests name it (BRAND_KEY)." env:"-"`
	Name        string `help:"Its name, for people. Default the key." env:"-"`
	Country     string `help:"Its country: a code of ISO 3166-1, or a name." env:"-"`
	Currency    string `help:"Currency of all prices, by its code of ISO 4217. Default the country's." env:"-"`
	Zone        string `help:"Time zone of its days, by its name in the IANA database. Default this machine's." env:"-"`
	Tax         string `help:"Tax in percent, or none." env:"-"`
	Product     string `help:"First product, as sign-ups name it (PRODUCT_CODE). Default POST_PAID." env:"-"`
	ProductName string `help:"Its name, for people. Default Mobile." env:"-"`
	Price       string `help:"Its price each month, in the currency. Default 0." env:"-"`
}

func (c *catalogueNewCommand) Help() string {
	return `Asks for what no flag answers, and writes a catalogue to begin with: a brand, a product that customers can
sign up for, and its tax, with comments on what else there is. An empty line takes what stands in brackets. Without
a terminal, and with standard input at its end, what no flag answers is as the defaults say. The file is one that
rator catalogue import takes; it is yours, to be changed.

  rator catalogue new catalogue.toml
  rator catalogue new --brand ACME --country NO --zone Europe/Oslo --tax 25 --price 299 acme.toml`
}

func (c *catalogueNewCommand) Run(t *terminal) error {
	if c.File != "-" {
		if _, err := os.Lstat(c.File); err == nil {
			return misused(fmt.Errorf("%s exists; name a new file", c.File))
		}
	}
	d, err := c.answers(t)
	if err != nil {
		return err
	}
	text := d.File(time.Now())
	if _, mistakes := catalogue.Load("catalogue", text); len(mistakes) > 0 {
		return fmt.Errorf("the answers make no catalogue: %s", mistakes[0])
	}
	if c.File == "-" {
		_, err := t.out.Write(text)
		return err
	}
	if err := writeNew(c.File, text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "%s: change what you want, then: rator catalogue import %[1]s\n", shellQuoted(c.File))
	return err
}

// writeNew writes a file that is not there, or leaves none.
func writeNew(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return unreachable(err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}

// answers are those of the flags, and of who is asked for the others. Wrong flags are told
// all at once, before anything is asked.
func (c *catalogueNewCommand) answers(t *terminal) (catalogue.Draft, error) {
	flags := map[string]string{
		"brand": c.Brand, "name": c.Name, "country": c.Country, "currency": c.Currency, "zone": c.Zone,
		"tax": c.Tax, "product": c.Product, "product-name": c.ProductName, "price": c.Price,
	}
	d := catalogue.Draft{}
	var wrong []error
	for _, q := range catalogue.Questions {
		if flags[q.Name] == "" || q.Name == "price" && c.Currency == "" {
			continue // a price is looked at when its currency is known
		}
		if err := q.Take(d, flags[q.Name]); err != nil {
			wrong = append(wrong, fmt.Errorf("--%w", err))
		}
	}
	if len(wrong) > 0 {
		return nil, misused(errors.Join(wrong...))
	}
	in := bufio.NewReader(t.in)
	for _, q := range catalogue.Questions {
		if d[q.Name] != "" {
			continue
		}
		if answer := flags[q.Name]; answer != "" {
			if err := q.Take(d, answer); err != nil {
				return nil, misused(fmt.Errorf("--%w", err))
			}
			continue
		}
		if err := ask(t, in, &q, d); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// ask asks until an answer is right, or nobody answers any more.
func ask(t *terminal, in *bufio.Reader, q *catalogue.Question, d catalogue.Draft) error {
	usual := q.Usual(d)
	for {
		if fmt.Fprint(t.err, q.Asks); usual != "" {
			fmt.Fprintf(t.err, " [%s]", usual)
		}
		fmt.Fprint(t.err, ": ")
		line, err := in.ReadString('\n')
		answer := strings.TrimSpace(line)
		if err != nil {
			fmt.Fprintln(t.err)
			if err != io.EOF {
				return unreachable(fmt.Errorf("the answers cannot be read: %w", err))
			}
		}
		if answer == "" {
			answer = usual
		}
		if answer == "" && err == io.EOF {
			return misused(fmt.Errorf("nobody answers what %s is; give it with --%[1]s", q.Name))
		}
		wrong := q.Take(d, answer)
		if wrong == nil {
			return nil
		}
		if err == io.EOF {
			return misused(wrong)
		}
		fmt.Fprintln(t.err, wrong)
	}
}
