package compare

// Forget drops what was remembered of a tree before it was changed.
func (n *Node) Forget() {
	n.hash, n.idsFound, n.idsRead = 0, nil, false
	for _, child := range n.Nodes {
		child.Forget()
	}
}
