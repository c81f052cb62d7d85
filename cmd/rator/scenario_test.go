package main

const (
	scenarios = "../../testdata/soap"
	site      = "../../testdata/site"
	recorded  = "../../testdata/recorded"
)
