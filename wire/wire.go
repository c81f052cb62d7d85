// Package wire holds what a message of the published contract is made of, once for
// the face, the documents and the tools: the names of its elements and types, the path
// that it is posted to, and the address under which callers see the server. The names
// are generated from the frozen WSDL and schema that wsdl publishes; those of SOAP
// and XML Schema, and which characters XML takes, stand beside them. No code that reads
// or writes messages lives here.
package wire

//go:generate go run ./generate ../wsdl

// Path is where the endpoint answers (rator-api.md 1.1).
const Path = "/workflow-soap/InvokerService"
