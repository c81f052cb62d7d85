package tmf

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"rator/card"
	"rator/tmf/dialect"
	"rator/tmf/hub"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
	"rator/unit"
)

// Config is what a Handler is made of. Collection and Gate are needed.
type Config struct {
	// Collection is where a dialect's resource is kept, nil for one that is not
	// offered. It is asked once for each.
	Collection func(*dialect.Dialect, *dialect.Resource) resource.Collection
	// Gate is what every request goes through that asks for more than a document of
	// the face's own.
	Gate *unit.Gate

	// Hubs tell listeners what happens; nil: there are none.
	Hubs *hub.Hubs

	Limits         jsondoc.Limits // of documents; the zero value means DefaultLimits
	BodyTime       time.Duration  // for a body to arrive; 0 means 10 s
	WriteTime      time.Duration  // for a part of a long list to be taken; 0 means 15 s
	TrustForwarded bool           // X-Forwarded-Proto and -Host count
	Strict         bool           // the strict rules of the tables hold (--tmf-strict)
	Cards          *card.Key      // conceals request ids that look like card numbers; nil: they are refused
	PINs           *resource.PINs // answers have PINs in clear; nil: they are masked (--tmf-pin=mask)
	Origins        []string       // from which browsers may ask, "*" for all; none: CORS is off
	// ErrorPages is the address of pages about errors, which the code is added to:
	// the referenceError of error bodies. "" for none.
	ErrorPages string
	// Answered is told of every request about resources and hubs once its answer is on
	// its way, in the goroutine that answered. nil: nobody is.
	Answered  func(*Answered)
	Log       *slog.Logger     // nil means slog.Default
	Now       func() time.Time // nil means time.Now; for deadlines only
	NewNumber func() string    // of an incident; nil means random
}

// Handler serves every dialect. Serve it with Mount, or for every path of its
// own: what is below no base path is answered with 404, in the shape of errors.
// The http.Server must have a WriteTimeout: long lists move its deadline, and the
// next request on the connection starts it anew.
type Handler struct {
	config      Config
	collections map[*dialect.Resource]resource.Collection
	published   map[string]publication // by base path
}

// New gives a Handler. It fails when a part is missing.
func New(c Config) (*Handler, error) {
	if c.Collection == nil || c.Gate == nil {
		return nil, errors.New("tmf: a handler needs Collection and Gate")
	}
	setDefault(&c.Limits, jsondoc.DefaultLimits())
	setDefault(&c.BodyTime, 10*time.Second)
	setDefault(&c.WriteTime, 15*time.Second)
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.NewNumber == nil {
		c.NewNumber = randomNumber
	}
	h := &Handler{config: c, collections: map[*dialect.Resource]resource.Collection{}}
	h.published = publish(&h.config)
	for _, d := range dialect.All {
		for _, r := range d.Resources {
			if kept := c.Collection(d, r); kept != nil {
				h.collections[r] = kept
			}
		}
	}
	if c.Hubs != nil {
		c.Hubs.Read(h.collections)
	}
	return h, nil
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func randomNumber() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}

// Mount serves the base paths of every dialect, and all that is below them or beside
// them, on a mux.
func (h *Handler) Mount(mux *http.ServeMux) {
	for _, root := range dialect.Roots {
		mux.Handle(root, h)
		mux.Handle(root+"/", h)
	}
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{Handler: h, w: w, r: r}
	defer x.record()()
	defer x.recovered()
	if err := x.serve(); err != nil {
		x.fail(err)
	}
}
