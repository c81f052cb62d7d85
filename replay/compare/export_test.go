package compare

// Forget drops what was remembered of a tree before it was changed.
func (n *Node) Forget() {
	n.hash = 0
	for _, child := range n.Nodes {
		child.Forget()
	}
}
