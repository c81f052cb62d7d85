// Package openapi publishes what a dialect offers, from the tables that the code uses:
// the OpenAPI document and the reference page of a base path. The routes are given to it;
// nothing is served here.
package openapi
