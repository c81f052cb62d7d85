package server_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"rator/server"
	"rator/server/servertest"
	"rator/tmf/dialect"
)

// planter asks in every way for documents in which secrets are planted.
type planter struct {
	servertest.TMF
	planted int
	base    string // of the dialect
	name    string // of the resource
}

const (
	plantedSecret = "Planted-%d-zEbra"
	plantedCard   = "4111111111111111"
	plantedNumber = "8765432187654321" // of a card, and looks like none
	plantedTrack  = "B" + plantedCard + "^EK/BO^25121019876543219876"
)

func (p *planter) secret() string {
	p.planted++
	return fmt.Sprintf(`"`+plantedSecret+`"`, p.planted)
}

// secrets are members that hold secrets, whatever object they stand in: those whose names
// say so, those that a contract here declares, payment cards, and pairs.
func (p *planter) secrets() string {
	var b strings.Builder
	for _, name := range []string{"pin", "newPassword", "clientSecret", "access_token", "cvv", "cardSecurityCode", "track2", "SSN", "taxId", "firstPet"} {
		fmt.Fprintf(&b, `%q:%s,`, name, p.secret())
	}
	fmt.Fprintf(&b, `"credentials":{"deep":[%s]},"creditCard":{"number":%q,"cvc":%s},"note":"paid by %s","track":%q,"pair":[{"name":"PUK","value":%s},{"value":{"x":%s},"name":"password"}],`,
		p.secret(), plantedNumber, p.secret(), plantedCard, plantedTrack, p.secret(), p.secret())
	return b.String()
}

// document is a document of a shape, with secrets in every object, and a card number in
// every text when it is to have them.
func (p *planter) document(shape *dialect.Shape, cards bool) string {
	var b strings.Builder
	b.WriteByte('{')
	b.WriteString(p.secrets())
	for i := range shape.Fields {
		f := &shape.Fields[i]
		value := `"x"`
		switch {
		case f.Shape != nil:
			value = p.document(f.Shape, cards)
		case cards:
			value = `"` + plantedCard + `"`
		case f.Type == dialect.OfNumber || f.Type == dialect.OfInteger:
			value = plantedCard
		}
		if f.Many {
			value = "[" + value + "]"
		}
		fmt.Fprintf(&b, "%q:%s,", f.Name, value)
	}
	return strings.TrimSuffix(b.String(), ",") + "}"
}

// paths calls each with every path of a shape, as a JSON Pointer, and as a query has it.
func paths(shape *dialect.Shape, pointer, dotted string, each func(pointer, dotted string)) {
	for i := range shape.Fields {
		f := &shape.Fields[i]
		at, name := pointer+"/"+f.Name, dotted+f.Name
		if f.Many {
			at += "/0"
		}
		each(at, name)
		if f.Shape != nil {
			paths(f.Shape, at, name+".", each)
		}
	}
}

func (p *planter) plant(shape *dialect.Shape) {
	collection, item := p.base+"/"+p.name, p.base+"/"+p.name+"/c202611290000000001"
	for _, cards := range []bool{false, true} {
		whole := p.document(shape, cards)
		p.Ask("POST", collection, whole, "Idempotency-Key: "+plantedCard)
		p.Ask("PUT", item, whole)
		p.Ask("PATCH", item, whole)
		for _, cut := range []int{1, 2, 40, len(whole) / 3, len(whole) / 2, len(whole) - 3, len(whole) - 20} { // no JSON any more
			p.Ask("POST", collection, whole[:cut])
			p.Ask("PATCH", item, whole[:cut]+"}"+whole[cut:])
		}
	}
	var patch []string
	ask := func(operation string) {
		if patch = append(patch, operation); len(patch) == 100 {
			p.Ask("PATCH", item, "["+strings.Join(patch, ",")+"]", "Content-Type: application/json-patch+json")
			patch = nil
		}
	}
	paths(shape, "", "", func(pointer, dotted string) {
		ask(fmt.Sprintf(`{"op":"add","path":"%s/pin","value":%s}`, pointer, p.secret()))
		ask(fmt.Sprintf(`{"value":{"a":[%s]},"op":"test","path":"%s/cvv2"}`, p.secret(), pointer))
		ask(fmt.Sprintf(`{"op":"replace","path":"%s","value":{%s"x":1}}`, pointer, p.secrets()))
		ask(fmt.Sprintf(`{"op":"replace","path":"%s","value":"%s"}`, pointer, plantedCard))
		ask(fmt.Sprintf(`{"op":"add","path":"%s/creditCard","value":{"number":%q}}`, pointer, plantedNumber))
		ask(fmt.Sprintf(`{"op":"add","path":"/characteristic/0/value","value":%s}`, p.secret()))
		secret := url.QueryEscape(strings.Trim(p.secret(), `"`))
		for _, query := range []string{dotted + "=" + plantedCard, dotted + ".pin=" + secret, dotted + ".pin!~" + secret, dotted + ".creditCard.number.gt=" + plantedNumber} {
			p.Ask("GET", collection+"?"+query, "")
		}
	})
	secret := url.QueryEscape(strings.Trim(p.secret(), `"`))
	for _, query := range []string{
		"pin=" + secret, "p%69n.eq=" + secret, "pin%3E" + secret, "pin=1;" + secret, "limit=x&access_token=" + secret, "filter=$[?(@.pin=='" + secret + "')]",
		"characteristic.name=password&characteristic.value=" + secret, "characteristic.value.regex=" + secret, plantedCard + "=1", "name=pay+4111+1111+1111+1111",
		"taxId=" + secret, "fields=name&sort=" + plantedCard,
	} {
		p.Ask("GET", collection+"?"+query, "")
		p.Ask("DELETE", item+"?"+query, "")
		hub := strings.ReplaceAll(strings.Trim(p.secret(), `"`), "-", "")
		p.Ask("POST", collection+"/hub", fmt.Sprintf(`{"callback":"http://bo:%s@93.184.216.34/x?token=%s","query":"eventType=X&%s"}`, hub, hub, query))
		p.Ask("POST", p.base+"/hub", fmt.Sprintf(`{"callback":"http://93.184.216.34/x?access_token=%s","query":%q}`, hub, query))
	}
	p.Ask("GET", collection+"/"+plantedCard, "")
	p.Ask("GET", p.base+"/"+plantedCard, "")
	for _, credentials := range []string{"Bearer " + plantedToken, "Basic " + base64.StdEncoding.EncodeToString([]byte(server.DemoOperator+":"+plantedToken)), "Basic " + base64.StdEncoding.EncodeToString([]byte(plantedCard+":x"))} {
		p.Ask("GET", collection, "", "Authorization: "+credentials)
	}
	if len(patch) > 0 {
		p.Ask("PATCH", item, "["+strings.Join(patch, ",")+"]", "Content-Type: application/json-patch+json")
	}
}

const plantedToken = "plantedToken99"

// TestNoSecretOfTMFIsLogged plants every kind of secret in every place of the documents of
// every dialect, in queries, paths, hubs and credentials, and looks for them in every
// byte of the log, decompressed.
func TestNoSecretOfTMFIsLogged(t *testing.T) {
	s, endpoint, store := servertest.Logged(t)
	p := &planter{TMF: servertest.TMFAt(t, endpoint)}
	for _, d := range dialect.All {
		for _, r := range d.Resources {
			p.base, p.name = d.Bases[0].Path, r.Name
			p.plant(r.Shape)
		}
	}
	if err := s.Calls.Flush(); err != nil {
		t.Fatal(err)
	}
	if stats := s.Calls.Stats(); stats.Lost != 0 || stats.Written < 500 {
		t.Errorf("%+v", stats)
	}
	log := decompressed(t, server.CallLogOf(store))
	for _, secret := range []string{plantedCard, plantedNumber, "4111 1111 1111 1111", "4111+1111", plantedToken, "9876543219876"} {
		if at := bytes.Index(log, []byte(secret)); at >= 0 {
			t.Errorf("the log has %s: …%s…", secret, log[max(0, at-300):min(len(log), at+100)])
		}
	}
	shown := 0
	for i := range p.planted + 1 {
		for _, form := range []string{fmt.Sprintf(plantedSecret, i), strings.ReplaceAll(fmt.Sprintf(plantedSecret, i), "-", "")} {
			if at := bytes.Index(log, []byte(form)); at >= 0 && shown < 5 {
				shown++
				t.Errorf("the log has %s: …%s…", form, log[max(0, at-300):min(len(log), at+100)])
			}
		}
	}
	if n := bytes.Count(log, []byte(`"***"`)); n < p.planted {
		t.Errorf("%d secrets were planted, and %d are hidden: the search does not see what is logged", p.planted, n)
	}
}

// decompressed is every byte of the blocks of a call log.
func decompressed(t *testing.T, dir string) (all []byte) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "calls-*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	read, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for len(b) > 0 {
			if string(b[:4]) != "rlb4" {
				t.Fatalf("no block: %.20q", b)
			}
			about, messages := binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[12:])
			for _, part := range [][]byte{b[32 : 32+about], b[32+about : 32+about+messages]} {
				if all, err = read.DecodeAll(part, all); err != nil {
					t.Fatal(err)
				}
			}
			b = b[32+about+messages:]
		}
	}
	return all
}
