package wsdl

import (
	"rator/event"
	"rator/workflow/contract"
)

// The documents as they are sent, for an address.
func WSDL(address string) []byte       { return publishedWSDL.plain(address) }
func WSDL12(address string) []byte     { return publishedWSDL12.plain(address) }
func SingleWSDL(address string) []byte { return publishedSingle.plain(address) }
func Schema() []byte                   { return publishedSchema.plain("") }

// Page is the reference page.
func Page(contracts []*contract.Contract, topics []*event.Topic, address string) ([]byte, error) {
	return referencePage(contracts, topics, address)
}

// Typed is the typed WSDL of hookpoints.
func Typed(address string, contracts ...*contract.Contract) ([]byte, error) {
	return typedWSDL(address, contracts...)
}

// SampleAnswer is a sample envelope.
func SampleAnswer(c *contract.Contract, form Form) ([]byte, error) { return sampleAnswer(c, form) }
