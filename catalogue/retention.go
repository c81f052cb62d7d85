package catalogue

// DefaultRetentionDays is five years: as long as the Nordic countries have the
// vouchers of bookkeeping kept.
const DefaultRetentionDays = 5 * 365

// maxRetentionDays is a hundred years.
const maxRetentionDays = 36525

// Retention is how many days personal data stay after nothing needs them any more.
func (b *Brand) Retention() int {
	if b.RetentionDays == 0 {
		return DefaultRetentionDays
	}
	return b.RetentionDays
}

func (b *Brand) checkRetention(c *checker) {
	if !b.source.has("retention_days") {
		return
	}
	if d, ok := number(b.source.fields["retention_days"]); !ok || !d.IsInteger() {
		return
	}
	if days := b.RetentionDays; days < 1 || days > maxRetentionDays {
		c.mistake(&b.Entry, "retention_days", "retention_days must be 1 to %d; leave it out for %d", maxRetentionDays, DefaultRetentionDays)
	}
}
