package report

// aligned is a row of two texts side by side: indexes of lines, -1 where a side has
// none.
type aligned struct{ want, got int }

const (
	// maxCells bounds the table of one alignment, to 4 MB.
	maxCells = 1 << 20
	// lookAhead is how far longer texts are searched for the next line that fits.
	lookAhead = 50
)

// align pairs the lines that are the same thing, whatever their values, in the order
// of both sides; equal ones rather than others.
func align(want, got []layoutLine) []aligned {
	var rows []aligned
	first := 0
	for first < len(want) && first < len(got) && want[first].Plain == got[first].Plain {
		rows = append(rows, aligned{first, first})
		first++
	}
	tail := 0
	for tail < len(want)-first && tail < len(got)-first && want[len(want)-1-tail].Plain == got[len(got)-1-tail].Plain {
		tail++
	}
	w, g := want[first:len(want)-tail], got[first:len(got)-tail]
	middle := quick
	if len(w)*len(g) <= maxCells {
		middle = best
	}
	for _, r := range middle(w, g) {
		if r.want >= 0 {
			r.want += first
		}
		if r.got >= 0 {
			r.got += first
		}
		rows = append(rows, r)
	}
	for i := tail; i > 0; i-- {
		rows = append(rows, aligned{len(want) - i, len(got) - i})
	}
	return rows
}

// likeLines is how well two lines fit: 0 not at all.
func likeLines(a, b *layoutLine) int32 {
	switch {
	case a.Plain == b.Plain:
		return 3
	case a.Shape == b.Shape:
		return 2
	}
	return 0
}

// best finds the pairs with the highest sum of likeness (longest common
// subsequence, weighted).
func best(want, got []layoutLine) []aligned {
	width := len(got) + 1
	score := make([]int32, (len(want)+1)*width)
	for i := len(want) - 1; i >= 0; i-- {
		for j := len(got) - 1; j >= 0; j-- {
			s := max(score[(i+1)*width+j], score[i*width+j+1])
			if like := likeLines(&want[i], &got[j]); like > 0 {
				s = max(s, like+score[(i+1)*width+j+1])
			}
			score[i*width+j] = s
		}
	}
	var rows []aligned
	i, j := 0, 0
	for i < len(want) || j < len(got) {
		here := score[i*width+j]
		switch {
		case i < len(want) && j < len(got) && likeLines(&want[i], &got[j]) > 0 && here == likeLines(&want[i], &got[j])+score[(i+1)*width+j+1]:
			rows = append(rows, aligned{i, j})
			i, j = i+1, j+1
		case i < len(want) && here == score[(i+1)*width+j]:
			rows = append(rows, aligned{i, -1})
			i++
		default:
			rows = append(rows, aligned{-1, j})
			j++
		}
	}
	return rows
}

// quick pairs what comes next, and after a gap what is near.
func quick(want, got []layoutLine) []aligned {
	var rows []aligned
	i, j := 0, 0
	for i < len(want) && j < len(got) {
		skipWant, skipGot := nextPair(want[i:], got[j:])
		for range skipWant {
			rows = append(rows, aligned{i, -1})
			i++
		}
		for range skipGot {
			rows = append(rows, aligned{-1, j})
			j++
		}
		if i < len(want) && j < len(got) {
			rows = append(rows, aligned{i, j})
			i, j = i+1, j+1
		}
	}
	for ; i < len(want); i++ {
		rows = append(rows, aligned{i, -1})
	}
	for ; j < len(got); j++ {
		rows = append(rows, aligned{-1, j})
	}
	return rows
}

// nextPair is how many lines of each side come before two that fit; 0 and 0 when
// none are near.
func nextPair(want, got []layoutLine) (int, int) {
	for distance := range lookAhead {
		for w := 0; w <= distance; w++ {
			if g := distance - w; w < len(want) && g < len(got) && likeLines(&want[w], &got[g]) > 0 {
				return w, g
			}
		}
	}
	return 0, 0
}
