package typeface

import (
	"encoding/binary"
	"maps"
	"slices"
)

// Font is a TrueType file of the letters that were used, each under the code that
// it has in the lines. The same letters give the same bytes.
func (s *Style) Font() []byte {
	var (
		codes  = slices.Sorted(maps.Keys(s.used))
		glyf   []byte
		loca   = binary.BigEndian.AppendUint32(nil, 0)
		hmtx   = []byte{em / 2 >> 8, em / 2 & 0xFF, 0, 0} // of no letter: nothing is drawn
		around box
		most   [2]uint16 // points and contours of a letter
	)
	loca = binary.BigEndian.AppendUint32(loca, 0)
	for _, code := range codes {
		l := s.used[code]
		glyph, b := l.shape.glyph()
		glyf = append(glyf, glyph...)
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(l.width))
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(b.left))
		most = l.shape.atLeast(most)
		around = box{min(around.left, b.left), min(around.bottom, b.bottom), max(around.right, b.right), max(around.top, b.top)}
	}
	glyphs := uint16(len(codes) + 1)
	return assemble(map[string][]byte{
		"OS/2": os2(), "cmap": cmap(codes), "glyf": append(glyf, 0, 0, 0, 0), "head": head(around), "hhea": hhea(around, glyphs), "hmtx": hmtx,
		"loca": loca, "maxp": words(1, 0, glyphs, most[0], most[1], 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0), "name": words(0, 0, 6), "post": words(3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
	})
}

// ascent and descent of a line.
const (
	ascent  = 1901
	descent = -483
)

// words are 16 bits each.
func words(all ...uint16) []byte {
	b := make([]byte, 0, 2*len(all))
	for _, w := range all {
		b = binary.BigEndian.AppendUint16(b, w)
	}
	return b
}

// signed is a number below 0 in 16 bits.
func signed(n int16) uint16 { return uint16(n) }

func head(b box) []byte {
	const magicHigh, magicLow, longOffsets = 0x5F0F, 0x3CF5, 1
	return words(1, 0, 1, 0, 0, 0, magicHigh, magicLow, 0, em, 0, 0, 0, 0, 0, 0, 0, 0,
		signed(b.left), signed(b.bottom), signed(b.right), signed(b.top), 0, 8, 2, longOffsets, 0)
}

func hhea(b box, glyphs uint16) []byte {
	return words(1, 0, ascent, signed(descent), 0, em, signed(b.left), 0, signed(b.right), 1, 0, 0, 0, 0, 0, 0, 0, glyphs)
}

func os2() []byte {
	const regular, capHeight, xHeight = 400, 1493, 1120
	t := make([]uint16, 48)
	t[0], t[1], t[2], t[3] = 3, em/2, regular, 5
	t[34], t[35], t[37], t[38] = ascent, signed(descent), ascent, uint16(-descent)
	t[43], t[44] = xHeight, capHeight
	return words(t...)
}

// cmap leads from codes to glyphs, which are in the same order: a segment for each
// row of codes without a gap (format 4).
func cmap(codes []rune) []byte {
	var starts, ends, deltas []uint16
	for n, code := range codes {
		if last := len(ends) - 1; last >= 0 && ends[last]+1 == uint16(code) {
			ends[last]++
			continue
		}
		starts, ends, deltas = append(starts, uint16(code)), append(ends, uint16(code)), append(deltas, uint16(n+1)-uint16(code))
	}
	starts, ends, deltas = append(starts, 0xFFFF), append(ends, 0xFFFF), append(deltas, 1)
	count := uint16(len(starts))
	power, log := uint16(1), uint16(0)
	for power*2 <= count {
		power, log = power*2, log+1
	}
	t := []uint16{0, 1, 3, 1, 0, 12, 4, 16 + 8*count, 0, 2 * count, 2 * power, log, 2 * (count - power)}
	t = append(append(t, ends...), 0)
	t = append(append(append(t, starts...), deltas...), make([]uint16, count)...)
	return words(t...)
}

// assemble is the file of tables, with its checksums.
func assemble(tables map[string][]byte) []byte {
	count := uint16(len(tables))
	power, log := uint16(1), uint16(0)
	for power*2 <= count {
		power, log = power*2, log+1
	}
	file := words(1, 0, count, 16*power, log, 16*(count-power))
	offset := len(file) + 16*len(tables)
	var body []byte
	headAt := 0
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		if name == "head" {
			headAt = offset + len(body)
		}
		table := tables[name]
		file = append(file, name...)
		file = binary.BigEndian.AppendUint32(file, checksum(table))
		file = binary.BigEndian.AppendUint32(file, uint32(offset+len(body)))
		file = binary.BigEndian.AppendUint32(file, uint32(len(table)))
		body = append(body, table...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	file = append(file, body...)
	binary.BigEndian.PutUint32(file[headAt+8:], 0xB1B0AFBA-checksum(file))
	return file
}

func checksum(b []byte) (sum uint32) {
	for len(b) >= 4 {
		sum += binary.BigEndian.Uint32(b)
		b = b[4:]
	}
	if len(b) > 0 {
		sum += binary.BigEndian.Uint32(append(append([]byte{}, b...), 0, 0, 0, 0))
	}
	return sum
}
