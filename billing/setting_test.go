package billing

import (
	"os"
	"strings"

	"rator/catalogue"
	"rator/store"
)

// setting takes the catalogue of testdata again, with a setting of the brand
// BOOKS and whatever is added at the end.
func (b *books) setting(line string, more ...string) {
	b.Helper()
	src := strings.Replace(string(must(os.ReadFile("testdata/catalogue.toml"))), `language = "DK"`, "language = \"DK\"\n"+line, 1)
	books, other, _ := strings.Cut(src, "# Another brand")
	file, mistakes := catalogue.Load("catalogue.toml", []byte(books+strings.Join(more, "\n")+"\n#"+other))
	for _, m := range mistakes {
		b.Fatal(m)
	}
	b.do(func(tx store.Tx, _ *catalogue.Brand) error {
		_, err := catalogue.Import(tx, file)
		return err
	})
}
