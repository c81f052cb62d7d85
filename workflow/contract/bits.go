package contract

// bits is a set of small numbers that needs no memory up to 128.
type bits struct {
	low  [2]uint64
	high map[int]bool
}

func (b *bits) set(i int) {
	if i < 128 {
		b.low[i/64] |= 1 << (i % 64)
		return
	}
	if b.high == nil {
		b.high = map[int]bool{}
	}
	b.high[i] = true
}

func (b *bits) has(i int) bool {
	if i < 128 {
		return b.low[i/64]&(1<<(i%64)) != 0
	}
	return b.high[i]
}
