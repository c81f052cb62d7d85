// Package transport holds the habits of HTTP that every face and listener
// shares: packed bodies (RFC 9110, 8.4), whether an answer may be packed, and
// requests whose end cannot be told for certain (RFC 9112, 6.3). It knows
// nothing of what is transported.
package transport
