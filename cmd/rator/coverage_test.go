package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rator/failure"
	"rator/workflow"
	"rator/workflow/component"
	"rator/workflow/contract"
)

func shippedSet(t *testing.T) *workflow.Set {
	t.Helper()
	set, mistakes := workflow.Load(shipped())
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	return set
}

var errorCodeElement = regexp.MustCompile(`<errorCode>(\d+)</errorCode>`)

// TestEveryHookpointHasItsFixtures: a scenario folder named by the key, with
// success in both value orders, a broken contract, and each declared error; and
// no business error that the contract does not declare. An internal one is shown by
// the fixtures of those that call it.
func TestEveryHookpointHasItsFixtures(t *testing.T) {
	for _, c := range shippedSet(t).Contracts() {
		if c.Internal {
			continue
		}
		t.Run(c.Hookpoint, func(t *testing.T) {
			requests, err := filepath.Glob(filepath.Join(scenarios, c.Hookpoint, "*.request.xml"))
			if err != nil || len(requests) == 0 {
				t.Fatalf("no scenario: %v", err)
			}
			seen := map[int]bool{}
			orders := map[bool]bool{}
			for _, file := range requests {
				request := read(t, file)
				if !strings.Contains(request, "<hookpointKey>"+c.Hookpoint+"</hookpointKey>") {
					continue
				}
				m := errorCodeElement.FindStringSubmatch(read(t, strings.Replace(file, ".request.", ".response.", 1)))
				if m == nil {
					continue
				}
				code, _ := strconv.Atoi(m[1])
				seen[code] = true
				if code == 0 {
					orders[strings.Contains(request, "</value><key>")] = true
				}
			}
			if !orders[false] || !orders[true] {
				t.Errorf("success is not shown in both value orders: %v", orders)
			}
			declared := map[int]bool{0: true, failure.InvalidRequest.Number: true}
			for _, f := range c.Errors {
				declared[failure.ByName(f.Name).Number] = true
			}
			for code := range declared {
				if !seen[code] {
					t.Errorf("no fixture answers %d %s", code, name(code))
				}
			}
			for code := range seen {
				if !declared[code] {
					t.Errorf("a fixture answers %d %s, which the contract does not declare", code, name(code))
				}
			}
		})
	}
}

func name(code int) string {
	if c := failure.ByNumber(code); c != nil {
		return c.Name
	}
	return ""
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var (
	callOf = regexp.MustCompile(`\bcall\.([a-z_]+)`)
	apiOf  = regexp.MustCompile(`\bapi\.([A-Z0-9_]+)`)
	failOf = regexp.MustCompile(`\bfail\("([A-Z0-9_]+)"`)
)

// TestContractsDeclareWhatCanHappen: a contract is documented, and every error it
// declares is one that a component of its script, a hookpoint it calls, or its
// own fail can give.
func TestContractsDeclareWhatCanHappen(t *testing.T) {
	set := shippedSet(t)
	for _, c := range set.Contracts() {
		if c.Desc == "" || c.Area == "" {
			t.Errorf("%s has no desc or area", c.Hookpoint)
		}
		possible := possibleErrors(t, set, c)
		for _, f := range c.Errors {
			if !slices.Contains(possible, f.Name) {
				t.Errorf("%s declares %s, which nothing in its script gives", c.Hookpoint, f.Name)
			}
			if f.Desc == "" {
				t.Errorf("%s does not say when %s happens", c.Hookpoint, f.Name)
			}
		}
	}
}

func possibleErrors(t *testing.T, set *workflow.Set, c *contract.Contract) []string {
	t.Helper()
	src := read(t, filepath.Join(root, "workflow/hookpoints", c.Hookpoint, "workflow.star"))
	var possible []string
	for _, m := range failOf.FindAllStringSubmatch(src, -1) {
		possible = append(possible, m[1])
	}
	for _, m := range callOf.FindAllStringSubmatch(src, -1) {
		for _, code := range component.ByName(m[1]).Fails {
			possible = append(possible, code.Name)
		}
	}
	for _, m := range apiOf.FindAllStringSubmatch(src, -1) {
		possible = append(possible, possibleErrors(t, set, set.Find(m[1]).Contract)...)
	}
	return possible
}

// TestEveryCodeSpeaksEveryLanguage: the shipped codes have a text in each of the
// languages that CONTEXT.LANGUAGE may ask for.
func TestEveryCodeSpeaksEveryLanguage(t *testing.T) {
	for _, c := range failure.Codes() {
		for _, language := range []string{"EN", "DK", "SE", "NO", "FR", "DE"} {
			if c.Text[language] == "" {
				t.Errorf("%d %s has no text in %s", c.Number, c.Name, language)
			}
		}
	}
}
