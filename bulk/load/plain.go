package load

import "rator/bulk"

// rowSet are rows, counted from 1: a bit for each, so that a load of millions can keep it.
type rowSet []uint64

func (s *rowSet) add(row int64) {
	for int64(len(*s)) <= row/64 {
		*s = append(*s, 0)
	}
	(*s)[row/64] |= 1 << (row % 64)
}

func (s rowSet) has(row int64) bool { return row/64 < int64(len(s)) && s[row/64]&(1<<(row%64)) != 0 }

// spelled are the lines of a customer whose numbers are to be read, as they are spelled.
type spelled struct {
	one   *bulk.Customer
	texts []string // "" = has its number
}

func unreadNumbers(one *bulk.Customer) spelled {
	s := spelled{one: one, texts: make([]string, len(one.Services))}
	for n, line := range one.Services {
		if line.Number == "" {
			s.texts[n] = line.MSISDN
		}
	}
	return s
}

// asWritten reports whether each was read as the digits that it is spelled with.
func (s spelled) asWritten() bool {
	for n, text := range s.texts {
		if text != "" && s.one.Services[n].Number != text {
			return false
		}
	}
	return true
}

// takeAsWritten has lines have the numbers that they are spelled with.
func takeAsWritten(one *bulk.Customer) {
	for _, line := range one.Services {
		if line.Number == "" {
			line.Number = line.MSISDN
		}
	}
}
