package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"rator/event"
	"rator/event/webhook"
	"rator/store"
)

type webhookAddCommand struct {
	storeFlag
	hookpointsFlag
	webhookAllow
	webhookSecret
	URL      string   `arg:"" name:"url" help:"Where to post to, as https://host/path."`
	Topic    []string `required:"" help:"Topics, or patterns with *; repeat it for more. A topic that holds a secret is told to who names it, and by no pattern." placeholder:"PATTERN" env:"-"`
	Brand    []string `help:"Keys of the brands whose events are told. Default all that the operator works for." placeholder:"KEY" env:"-"`
	Operator string   `help:"On whose behalf: events of its brands are told, while it is enabled and has the right EVENTS_READ. Default the only one that has." placeholder:"NAME" env:"-"`
	JSON     bool     `name:"json" help:"Answer as JSON: secret and what list tells."`
}

func (c *webhookAddCommand) Help() string {
	return `From now on each event of these topics is posted to the address, in order, as one CloudEvents document,
signed as Standard Webhooks says. What is not answered with 200 to 299 within 10 seconds is sent again,
after longer and longer pauses; ten failures in a row suspend the webhook, and 410 does at once.

  rator webhook add https://crm.example.com/rator --topic 'customer.*' --topic account.closed --operator crm
  rator webhook add https://mailer.example.com/in --topic user.new_password --brand DEMO --secret -`
}

// webhookSecret is how a secret is given.
type webhookSecret struct {
	Secret *string `help:"What signs: whsec_ and, in base64, 24 to 64 bytes; - reads it from standard input, where nobody else sees it. Default one is drawn." placeholder:"whsec_…" env:"-"`
}

// take gives the secret that was given, or draws one.
func (c *webhookSecret) take(t *terminal) (string, error) {
	if c.Secret == nil {
		return webhook.DrawSecret(), nil
	}
	secret := *c.Secret
	if secret == "-" {
		line, err := readSecret(t)
		if err != nil && !errors.Is(err, io.EOF) {
			return "", unreachable(fmt.Errorf("the secret cannot be read: %w", err))
		}
		secret = strings.TrimSpace(line)
	}
	if err := webhook.CheckSecret(secret); err != nil {
		return "", misused(err)
	}
	return secret, nil
}

func (c *webhookAddCommand) Run(t *terminal) error {
	secret, err := c.take(t)
	if err != nil {
		return err
	}
	args := []string{"webhook", "add", c.URL, "--secret=-"}
	for flag, values := range map[string][]string{"--topic": c.Topic, "--brand": c.Brand} {
		for _, v := range values {
			args = append(args, flag+"="+v)
		}
	}
	if c.Operator != "" {
		args = append(args, "--operator="+c.Operator)
	}
	if c.JSON {
		args = append(args, "--json")
	}
	return c.with(t, t.out, []byte(secret+"\n"), args, func(st store.Store) error { return c.add(t, st, secret) })
}

func (c *webhookAddCommand) add(t *terminal, st store.Store, secret string) error {
	topics, err := c.patterns(t, c.Topic)
	var unknown *event.PatternError
	if errors.As(err, &unknown) {
		return misused(err)
	} else if err != nil {
		return err
	}
	d, err := c.deliverer(t, st)
	if err != nil {
		return err
	}
	if err := d.Check(t.ctx, c.URL); err != nil { // it may look a host up, so in no transaction
		return err
	}
	var made *webhook.Webhook
	err = st.Update(t.ctx, func(tx store.Tx) (err error) {
		if err := knownBrands(tx, c.Brand); err != nil {
			return err
		}
		made, err = webhook.Add(tx, local, webhook.Wanted{URL: c.URL, Topics: topics, Brands: c.Brand, Operator: c.Operator, Secret: secret})
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(secretRow{secret, rowOfWebhook(made)})
	}
	_, err = fmt.Fprintf(t.out, "webhook %s of %s; its secret is shown this once:\n%s\n", made.ID, made.Operator, secret)
	return err
}

// secretRow is a webhook with its secret.
type secretRow struct {
	Secret string `json:"secret"`
	webhookRow
}
