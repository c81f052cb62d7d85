package typeface

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// TestLettersOfTheBinary: what comes with it has every letter of the languages that
// it promises, accented ones, and the signs of the currencies.
func TestLettersOfTheBinary(t *testing.T) {
	promised := "₠₡₢₣₤₥₦₧₨₩₪₫€₭₮₯₰₱₲₳₴₵₸₹₺₽$¢£¥ƒ฿–—…•·«»„“”‚‘’§¶†‡°ªº№™©®½¼¾×÷−≤≥" +
		"ẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹĐđƠơƯư" +
		"אבגדהוזחטיכךלמםנןסעפףצץקרשת" + "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىي٠١٢٣٤٥٦٧٨٩پچژگکی"
	for _, block := range [][2]rune{{0x20, 0x7E}, {0xA0, 0x17F}, {0x180, 0x24F}, {0x386, 0x3CE}, {0x400, 0x4FF}, {0x1E00, 0x1EF9}, {0x1F00, 0x1FFE}} {
		for r := block[0]; r <= block[1]; r++ {
			if unicode.In(r, unicode.L, unicode.P, unicode.S, unicode.N) {
				promised += string(r)
			}
		}
	}
	for name, c := range map[string]*chain{"regular": BuiltIn().regular, "bold": BuiltIn().bold} {
		for _, r := range promised {
			if c.letter(r).missing {
				t.Errorf("no %s %c U+%04X", name, r, r)
			}
		}
	}
}

// TestLettersThatNoFontHas are drawn as their codes, under their own, and told.
func TestLettersThatNoFontHas(t *testing.T) {
	s := BuiltIn().Sheet()
	line := s.Regular.Wrap("ab 王小 ไ 𠀀", 10, 1000)[0]
	if got := string(s.Missing()); got != "ไ小王𠀀" {
		t.Errorf("missing are %s", got)
	}
	if got := line.Codes; got != "ab 王小 ไ \uE000" {
		t.Errorf("the codes are %q", got)
	}
	s.Bold.Wrap("ab", 10, 1000)
	f := parse(t, s.Regular.Font())
	for _, r := range line.Codes {
		if n, err := f.GlyphIndex(nil, r); err != nil || n == 0 {
			t.Errorf("the font has no %c: %v", r, err)
		} else if o, err := f.LoadGlyph(nil, n, fixed.I(em), nil); err != nil || r != ' ' && len(o) < 6 {
			t.Errorf("%c is drawn with %d strokes, %v", r, len(o), err)
		}
	}
	if a, b := s.Regular.chain.coded('王'), s.Regular.chain.coded('小'); len(a.shape) < 7 || a.width < 900 || !differ(a.shape, b.shape) {
		t.Errorf("the codes of two letters look the same")
	}
}

func differ(a, b outline) bool {
	x, _ := a.glyph()
	y, _ := b.glyph()
	return !bytes.Equal(x, y)
}

func parse(t *testing.T, src []byte) *sfnt.Font {
	t.Helper()
	f, err := sfnt.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestFont: the small font draws what the large one does, as wide, and is the same
// each time.
func TestFont(t *testing.T) {
	make := func() []byte {
		s := BuiltIn().Sheet()
		for _, text := range []string{"Ængström & 1.234,50 €", "Ǻ đường ốc", "محمد"} {
			s.Regular.Wrap(text, 9, 100)
		}
		return s.Regular.Font()
	}
	small := make()
	if !bytes.Equal(small, make()) {
		t.Error("it is not the same a second time")
	}
	if len(small) > 12_000 {
		t.Errorf("it has %d bytes", len(small))
	}
	large := BuiltIn().regular.faces[0].font
	f := parse(t, small)
	for _, r := range "Ængström đườngố1€" {
		var b sfnt.Buffer
		n, _ := f.GlyphIndex(&b, r)
		width, err := f.GlyphAdvance(&b, n, fixed.I(em), font.HintingNone)
		if err != nil || n == 0 {
			t.Fatalf("%c: %d %v", r, n, err)
		}
		m, _ := large.GlyphIndex(&b, r)
		if want, _ := large.GlyphAdvance(&b, m, fixed.I(em), font.HintingNone); width != want {
			t.Errorf("%c is %v wide, not %v", r, width, want)
		}
		drawn, _, _ := f.GlyphBounds(&b, n, fixed.I(em), font.HintingNone)
		want, _, _ := large.GlyphBounds(&b, m, fixed.I(em), font.HintingNone)
		for _, d := range []fixed.Int26_6{drawn.Min.X - want.Min.X, drawn.Min.Y - want.Min.Y, drawn.Max.X - want.Max.X, drawn.Max.Y - want.Max.Y} {
			if d < -64 || d > 64 {
				t.Errorf("%c is drawn in %v, not %v", r, drawn, want)
			}
		}
	}
}

// TestOpen: fonts of files have what ours lack; what is none is refused by its name.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	keep := func(name string, src []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, src, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	// A font of a site that has a letter which ours lacks: a Go font, whose A is moved
	// to 王 by our own font maker.
	source, err := newFace("go", goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	made := (&Sheet{missing: map[rune]bool{}}).style(&chain{})
	made.used['王'], made.used['a'] = source.letter('A'), source.letter('a')
	site := keep("site.ttf", made.Font())
	f, err := Open(keep("bold.ttf", gobold.TTF), site)
	if err != nil {
		t.Fatal(err)
	}
	if l := f.regular.letter('王'); l.missing || l.width != source.letter('A').width {
		t.Errorf("王 is %+v", l)
	}
	if ours := BuiltIn().regular.letter('a'); f.regular.letter('a').width != ours.width {
		t.Error("a letter that ours has is the site's")
	}
	if !f.bold.faces[2].bold || f.regular.faces[2].bold {
		t.Error("a bold font is asked last in bold, or first in regular")
	}
	for name, src := range map[string]string{"empty.ttf": "", "text.ttf": "no font", "short.ttf": string(goregular.TTF[:3000])} {
		file := keep(name, []byte(src))
		if _, err := Open(site, file); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(filepath.Join(dir, "not-there.ttf")); err == nil || !strings.Contains(err.Error(), "not-there.ttf") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestCubic: a circle of a PostScript font stays one.
func TestCubic(t *testing.T) {
	const radius, k = 1000.0, 552.285
	o := outline{contour{{x: radius}}}
	o.cubic(point{x: radius, y: k}, point{x: k, y: radius}, point{y: radius})
	c := o[0]
	for n := 0; n+2 < len(c); n += 2 {
		x, y := (c[n].x+2*c[n+1].x+c[n+2].x)/4, (c[n].y+2*c[n+1].y+c[n+2].y)/4
		if d := x*x + y*y; d < 999*999 || d > 1001*1001 || !c[n+1].off || c[n+2].off {
			t.Errorf("piece %d passes %.1f, %.1f", n/2, x, y)
		}
	}
	if len(c) != 1+2*pieces {
		t.Errorf("it has %d points", len(c))
	}
}

// TestForms: the table of Arabic shapes is that of Unicode.
func TestForms(t *testing.T) {
	for letter, j := range joinings {
		count := rune(2)
		if j.next {
			count = 4
		}
		for n := range count {
			if got := norm.NFKC.String(string(j.alone + n)); norm.NFD.String(got) != norm.NFD.String(string(letter)) {
				t.Errorf("U+%04X is %s, not %c", j.alone+n, got, letter)
			}
		}
	}
	for alef, form := range lamAlefs {
		for n := range rune(2) {
			if got := norm.NFKC.String(string(form + n)); got != norm.NFC.String(string(lam)+string(alef)) {
				t.Errorf("U+%04X is %s", form+n, got)
			}
		}
	}
}
