package compare

import (
	"hash/maphash"
	"slices"

	"rator/wire"
)

// pair is two nodes to be compared by their offsets; -1 = the other side lacks it.
type pair struct{ want, got int }

// What alignment may cost, so that hostile lists do not.
const (
	alignBudget = 50_000_000 // comparisons of fingerprints in one comparison
	alignBand   = 16         // items a list may be out of step by, beyond the difference of lengths
	leavesSeen  = 128        // leaves of an item that are looked at
	skipCost    = 50
	apartCost   = 1000 // of what is never a pair
)

// align pairs the items of two lists in their order, so that one more or one fewer
// is one difference and not one for each item behind it.
func (c *comparison) align(want, got []*Node) []pair {
	pairs := make([]pair, 0, max(len(want), len(got)))
	if len(want) == 1 && len(got) == 1 && want[0].Name == got[0].Name {
		return append(pairs, pair{0, 0})
	}
	front := 0
	for front < min(len(want), len(got)) && c.alike(want[front], got[front]) {
		pairs = append(pairs, pair{front, front})
		front++
	}
	back := 0
	for back < min(len(want), len(got))-front && c.alike(want[len(want)-1-back], got[len(got)-1-back]) {
		back++
	}
	pairs = append(pairs, c.middle(want[front:len(want)-back], got[front:len(got)-back], front)...)
	for i := back; i > 0; i-- {
		pairs = append(pairs, pair{len(want) - i, len(got) - i})
	}
	return pairs
}

func (c *comparison) alike(want, got *Node) bool {
	return want.Name == got.Name && (same(want, got) || c.fingerprint(want, c.wantedID) == c.fingerprint(got, c.gottenID))
}

// same says that two nodes are the same as they are written, which is cheap to find
// out.
func same(a, b *Node) bool {
	if a.Name != b.Name || a.Type != b.Type || a.Text != b.Text || len(a.Nodes) != len(b.Nodes) || len(a.Attributes) != len(b.Attributes) {
		return false
	}
	for i := range a.Attributes {
		if a.Attributes[i] != b.Attributes[i] && a.Attributes[i].Name.Space != wire.NamespaceXSI {
			return false
		}
	}
	for i := range a.Nodes {
		if !same(a.Nodes[i], b.Nodes[i]) {
			return false
		}
	}
	return true
}

// middle aligns by the least cost: to skip an item on one side costs half of a pair
// that has nothing in common.
func (c *comparison) middle(want, got []*Node, front int) []pair {
	n, m := len(want), len(got)
	low, high := min(0, m-n)-alignBand, max(0, m-n)+alignBand // of got's offset less want's
	width := high - low + 1
	if width > 2*m+1 {
		low, high = -n, m
		width = high - low + 1
	}
	cells := (n + 1) * width
	if n == 0 || m == 0 || cells*leavesSeen/4 > c.budget {
		return inOrder(n, m, front)
	}
	c.budget -= cells * leavesSeen / 4
	wantLeaves, gotLeaves := c.leavesOf(want, c.wantedID), c.leavesOf(got, c.gottenID)
	const far = 1 << 30
	cost := make([]int, width)
	before := make([]int, width)
	moves := make([]byte, cells)
	for i := 0; i <= n; i++ {
		for k := range width {
			j := i + low + k
			cost[k] = far
			if j < 0 || j > m {
				continue
			}
			if i == 0 && j == 0 {
				cost[k] = 0
				continue
			}
			move := byte(0)
			if i > 0 && j > 0 {
				cost[k], move = before[k]+pairCost(want[i-1], got[j-1], wantLeaves[i-1], gotLeaves[j-1]), 'p'
			}
			if i > 0 && k+1 < width && before[k+1]+skipCost < cost[k] {
				cost[k], move = before[k+1]+skipCost, 'w'
			}
			if k > 0 && j > 0 && cost[k-1]+skipCost < cost[k] {
				cost[k], move = cost[k-1]+skipCost, 'g'
			}
			moves[i*width+k] = move
		}
		cost, before = before, cost
	}
	var back []pair
	for i, j := n, m; i > 0 || j > 0; {
		switch moves[i*width+j-i-low] {
		case 'p':
			i, j = i-1, j-1
			back = append(back, pair{front + i, front + j})
		case 'w':
			i--
			back = append(back, pair{front + i, -1})
		default:
			j--
			back = append(back, pair{-1, front + j})
		}
	}
	slices.Reverse(back)
	return back
}

// inOrder pairs by offset.
func inOrder(n, m, front int) []pair {
	pairs := make([]pair, 0, max(n, m))
	for i := range max(n, m) {
		p := pair{front + i, front + i}
		if i >= n {
			p.want = -1
		}
		if i >= m {
			p.got = -1
		}
		pairs = append(pairs, p)
	}
	return pairs
}

// pairCost is 0 for what is alike and 2*skipCost for what has nothing in common but
// the name. Another name is a pair only when most of what is in it is the same.
func pairCost(want, got *Node, wantLeaves, gotLeaves []uint64) int {
	if want.IsText() != got.IsText() {
		return apartCost
	}
	apart := 2*skipCost - 2*skipCost*common(wantLeaves, gotLeaves)/100
	if want.Name != got.Name {
		return 2*skipCost - 20 + apart*4/10
	}
	return apart
}

// common is how much of two sorted lists is in both, in percent.
func common(a, b []uint64) int {
	if len(a)+len(b) == 0 {
		return 100
	}
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			both++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return 200 * both / (len(a) + len(b))
}

func (c *comparison) leavesOf(nodes []*Node, id func(string) string) [][]uint64 {
	all := make([][]uint64, len(nodes))
	for i, n := range nodes {
		scalar := n.isScalarEntry()
		for _, child := range n.Nodes {
			if !scalar || child.Name.Local != wire.Key { // the key is what makes it an item
				all[i] = c.leaves(child, all[i], id)
			}
		}
		if n.IsText() {
			all[i] = append(all[i], c.fingerprint(n, id))
		}
		slices.Sort(all[i])
	}
	return all
}

// leaves adds the fingerprints of the leaves in n: texts, elements with nothing but
// text, scalar entries of ours.
func (c *comparison) leaves(n *Node, to []uint64, id func(string) string) []uint64 {
	if len(to) >= leavesSeen {
		return to
	}
	if n.IsText() || n.IsLeaf() || n.isScalarEntry() {
		return append(to, c.fingerprint(n, id))
	}
	for _, child := range n.Nodes {
		to = c.leaves(child, to, id)
	}
	return to
}

func (n *Node) isScalarEntry() bool {
	if _, ok := n.EntryKey(); !ok {
		return false
	}
	for child := range n.Elements() {
		if !child.IsLeaf() {
			return false
		}
	}
	return true
}

var seed = maphash.MakeSeed()

// wantedID is what an id of the expected text is like: the live one where it is
// known, else any other.
func (c *comparison) wantedID(recorded string) string {
	if c.IDs == nil {
		return recorded
	}
	if live, ok := c.IDs.live[recorded]; ok {
		return live
	}
	return "#"
}

// gottenID is wantedID for what came.
func (c *comparison) gottenID(live string) string {
	if c.IDs == nil {
		return live
	}
	if _, ok := c.IDs.recorded[live]; ok {
		return live
	}
	return "#"
}

// fingerprint is equal for nodes that are equal but for unknown ids, the order of
// attributes, and the order of what is in them.
func (c *comparison) fingerprint(n *Node, id func(string) string) uint64 {
	if n.seenBy == c {
		return n.hash
	}
	var h maphash.Hash
	h.SetSeed(seed)
	writePart(&h, n.Name.Space)
	writePart(&h, n.Name.Local)
	writePart(&h, n.Type.Local)
	for at := 0; at < len(n.Text); {
		start, end := nextID(n.Text, at)
		writePart(&h, n.Text[at:start])
		if start < end {
			writePart(&h, id(n.Text[start:end]))
		}
		at = end
	}
	sum := h.Sum64()
	for i := range n.Attributes {
		if a := &n.Attributes[i]; a.Name.Space != wire.NamespaceXSI {
			sum += maphash.String(seed, a.Name.Space+"\x00"+a.Name.Local+"\x00"+n.Resolved(a.Name, a.Value))
		}
	}
	for _, child := range n.Nodes {
		sum += c.fingerprint(child, id) * 0x9E3779B97F4A7C15
	}
	n.hash, n.seenBy = sum, c
	return sum
}

func writePart(h *maphash.Hash, s string) {
	_, _ = h.WriteString(s) // cannot fail
	_ = h.WriteByte(0)
}
