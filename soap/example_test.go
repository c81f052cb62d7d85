package soap_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"

	"rator/soap"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// A program calls a hookpoint by its key. What it gives and what it gets are lists of
// values with keys, as in the hookpoint's contract; CONTEXT says who asks.
func ExampleClient() {
	server := httptest.NewServer(soap.NewHandler(invoke(balance), soap.Options{}))
	defer server.Close()

	client := &soap.Client{URL: server.URL + wire.Path}
	answer, err := client.Call(context.Background(), soap.Call{
		Hookpoint: "SOAP_GET_BALANCE",
		Values: value.Tree{
			value.OfString("MSISDN", "4790012345"),
			value.Of("CONTEXT", value.OfString("OPERATOR", "shop"), value.OfString("PASSWORD", "secret")),
		},
	})
	if err != nil {
		fmt.Println(err) // no answer, or one that is no answer
		return
	}
	fmt.Println("errorCode", answer.ErrorCode)
	fmt.Println("owes", answer.Values.Text("BALANCE"))
	for _, e := range answer.Values {
		if e.Key == "LINE" { // a key that is there several times is a list
			fmt.Println("line", e.Items.Text("TEXT"), e.Items.Text("AMOUNT"))
		}
	}
	// Output:
	// errorCode 0
	// owes 250.0
	// line subscription 199.0
	// line SMS 51.0
}

// A call ends in one of three ways: the workflow did it, the workflow says why it did
// not (errorCode), or no workflow answered (a fault, or an error of the connection).
func ExampleClient_Call() {
	server := httptest.NewServer(soap.NewHandler(invoke(balance), soap.Options{
		MaxBytes: func(hookpoint string) int { return 1024 },
	}))
	defer server.Close()
	client := &soap.Client{URL: server.URL + wire.Path, Version: soap.Version12}

	for i, msisdn := range []string{"4790012345", "0", strings.Repeat("9", 1024)} {
		answer, err := client.Call(context.Background(), soap.Call{
			Hookpoint: "SOAP_GET_BALANCE",
			Values:    value.Tree{value.OfString("MSISDN", msisdn)},
			RequestID: fmt.Sprint("balance-", i), // with it a call may be made again when no answer came
		})
		var fault *soap.Fault
		switch {
		case errors.As(err, &fault):
			fmt.Println("fault:", fault.Text)
		case err != nil:
			fmt.Println("nobody knows whether it was done; the same id again:", err)
		case answer.ErrorCode != 0:
			fmt.Println("refused:", answer.ErrorCode, answer.ErrorMessage)
		default:
			fmt.Println("done")
		}
	}
	// Output:
	// done
	// refused: 10200 no subscription has the number 0
	// fault: Couldn't create SOAP message due to exception: a request to this hookpoint is longer than 1024 bytes (limit hookpoint_bytes)
}

// balance stands for the server's workflows.
func balance(_ context.Context, r workflow.Request) (workflow.Result, error) {
	if r.Values.Text("MSISDN") == "0" {
		return workflow.Result{ErrorCode: 10200, ErrorMessage: "no subscription has the number 0", Status: workflow.StatusBusiness}, nil
	}
	return workflow.Result{Values: value.Tree{
		value.OfDouble("BALANCE", 250),
		value.Of("LINE", value.OfString("TEXT", "subscription"), value.OfDouble("AMOUNT", 199)),
		value.Of("LINE", value.OfString("TEXT", "SMS"), value.OfDouble("AMOUNT", 51)),
	}}, nil
}
