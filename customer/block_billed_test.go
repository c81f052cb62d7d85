package customer_test

import (
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
)

// The catalogue, which knows no customer, knows the block types by name.
func TestBlockTypesOfTheCatalogue(t *testing.T) {
	for _, block := range []string{customer.BlockAsStolen, customer.BlockAsLost, customer.BlockByCustomer, customer.BlockByOperator} {
		src := strings.Replace(string(catalogue.Demo()), "retention_days = 1825", `billed_while_blocked = ["`+block+`"] #`, 1)
		file, mistakes := catalogue.Load("catalogue.toml", []byte(src))
		for _, m := range mistakes {
			t.Error(m)
		}
		if len(mistakes) == 0 && !file.Brands[0].BilledWhileBlocked(block) {
			t.Errorf("%s is not billed, though the brand says so", block)
		}
	}
}
