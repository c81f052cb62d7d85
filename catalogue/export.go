package catalogue

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"rator/store"
)

// Export writes the whole catalogue as a file that Load accepts and in which
// Import finds nothing changed. Comments of the imported files are not kept.
func Export(tx store.Tx) ([]byte, error) {
	var f File
	for b, err := range Brands.Scan(tx) {
		if err != nil {
			return nil, err
		}
		o, err := readOffer(tx, b)
		if err != nil {
			return nil, err
		}
		f.Brands = append(f.Brands, o)
	}
	var w bytes.Buffer
	writeTable(&w, "", reflect.ValueOf(f))
	return bytes.TrimLeft(w.Bytes(), "\n"), nil
}

func readOffer(tx store.Tx, b *Brand) (*Offer, error) {
	o := &Offer{Brand: *b}
	for _, s := range sections {
		if err := s.read(tx, o); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// writeTable writes a struct's keyed fields: first the plain ones, then the lists
// of tables, as TOML demands. Zero values are left out where their field does
// not say write:"always".
func writeTable(w *bytes.Buffer, path string, x reflect.Value) {
	var tables []field
	for _, f := range fieldsOf(x.Type()) {
		v := x.FieldByIndex(f.index)
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Pointer {
			tables = append(tables, f)
		} else if f.always || !v.IsZero() && !isZeroPrice(v) {
			fmt.Fprintf(w, "%s = %s\n", f.name, literal(v))
		}
	}
	for _, f := range tables {
		for i := range x.FieldByIndex(f.index).Len() {
			name := strings.TrimPrefix(path+"."+f.name, ".")
			fmt.Fprintf(w, "\n[[%s]]\n", name)
			writeTable(w, name, x.FieldByIndex(f.index).Index(i).Elem())
		}
	}
}

// isZeroPrice knows the zeros that reflection does not: a decimal 0 read from a document.
func isZeroPrice(v reflect.Value) bool {
	d, ok := v.Interface().(decimal.Decimal)
	return ok && d.IsZero()
}

func literal(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case decimal.Decimal:
		return x.String()
	case []string:
		quotedItems := make([]string, len(x))
		for i, s := range x {
			quotedItems[i] = quoted(s)
		}
		return "[" + strings.Join(quotedItems, ", ") + "]"
	case []int:
		return strings.ReplaceAll(fmt.Sprint(x), " ", ", ")
	case bool:
		return strconv.FormatBool(x)
	case Untaxed:
		return strconv.FormatBool(!bool(x))
	case int:
		return strconv.Itoa(x)
	}
	return quoted(v.String())
}

// quoted is a TOML basic string.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
