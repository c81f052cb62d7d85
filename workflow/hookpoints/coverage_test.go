package hookpoints_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rator/failure"
	"rator/server/servertest"
	"rator/soap"
	"rator/workflow"
	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/value"
)

var errorCodeElement = regexp.MustCompile(`<errorCode>(\d+)</errorCode>`)

// TestEveryHookpointHasItsFixtures: a scenario folder named by the key, with
// success in both value orders, a broken contract, and each declared error; and
// no business error that the contract does not declare. An internal one is shown by
// the fixtures of those that call it.
func TestEveryHookpointHasItsFixtures(t *testing.T) {
	for _, c := range servertest.ShippedSet(t).Contracts() {
		if c.Internal {
			continue
		}
		t.Run(c.Hookpoint, func(t *testing.T) {
			requests, err := filepath.Glob(filepath.Join(servertest.Scenarios, c.Hookpoint, "*.request.xml"))
			if err != nil || len(requests) == 0 {
				t.Fatalf("no scenario: %v", err)
			}
			seen := map[int]bool{}
			orders := map[bool]bool{}
			for _, file := range requests {
				request := servertest.Read(t, file)
				if !strings.Contains(request, "<hookpointKey>"+c.Hookpoint+"</hookpointKey>") {
					continue
				}
				m := errorCodeElement.FindStringSubmatch(servertest.Read(t, strings.Replace(file, ".request.", ".response.", 1)))
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

// TestAnswersHoldEveryDocumentedKey: an unset text is answered as an empty one,
// and no key that a contract documents is left out, at any level. Only a list may
// be empty.
func TestAnswersHoldEveryDocumentedKey(t *testing.T) {
	for _, c := range servertest.ShippedSet(t).Contracts() {
		if c.Internal {
			continue // nothing answers for it
		}
		t.Run(c.Hookpoint, func(t *testing.T) {
			requests, err := filepath.Glob(filepath.Join(servertest.Scenarios, c.Hookpoint, "*.request.xml"))
			if err != nil {
				t.Fatal(err)
			}
			answers := 0
			for _, file := range requests {
				if !strings.Contains(servertest.Read(t, file), "<hookpointKey>"+c.Hookpoint+"</hookpointKey>") {
					continue
				}
				response := strings.Replace(file, ".request.", ".response.", 1)
				r, err := soap.DecodeAnswer(servertest.Read(t, response), soap.Media{}, servertest.AnswerLimits())
				if err != nil || r.ErrorCode != 0 {
					continue
				}
				answers++
				for _, key := range leftOut(c.Response, r.Values, "") {
					t.Errorf("%s has no %s", filepath.Base(response), key)
				}
			}
			if answers == 0 {
				t.Error("no answer to look at")
			}
		})
	}
}

// leftOut lists the paths of rules that a tree has no entry for, and of texts
// that are null.
func leftOut(rules []*contract.Value, in value.Tree, path string) []string {
	var paths []string
	for _, rule := range rules {
		found := false
		for e := range in.All(rule.Key) {
			found = true
			if e.Null && rule.Type == value.String {
				paths = append(paths, path+rule.Key+", it is null")
			}
			paths = append(paths, leftOut(rule.Values, e.Items, path+rule.Key+"/")...)
		}
		if !found && !rule.List {
			paths = append(paths, path+rule.Key)
		}
	}
	return paths
}

func name(code int) string {
	if c := failure.ByNumber(code); c != nil {
		return c.Name
	}
	return ""
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
	set := servertest.ShippedSet(t)
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
	src := servertest.Read(t, filepath.Join(servertest.Root, "workflow/hookpoints", c.Hookpoint, "workflow.star"))
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

// TestEveryComponentHasAUse: a component is called by a shipped script, or says
// that it is there for those of sites.
func TestEveryComponentHasAUse(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join(servertest.Root, "workflow/hookpoints/*/workflow.star"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	used := map[string]bool{}
	for _, file := range scripts {
		for _, m := range callOf.FindAllStringSubmatch(servertest.Read(t, file), -1) {
			used[m[1]] = true
		}
	}
	for _, name := range component.Names() {
		offered := strings.Contains(component.ByName(name).Desc, "Offered to sites")
		if used[name] == offered {
			t.Errorf("%s: used by a shipped script %v, offered to sites %v; it must be one of both", name, used[name], offered)
		}
	}
}

// TestEveryCodeSpeaksEveryLanguage: the shipped codes have a text in each of the
// languages that CONTEXT.LANGUAGE may ask for. The store's tests have codes of
// their own.
func TestEveryCodeSpeaksEveryLanguage(t *testing.T) {
	for _, c := range failure.Codes() {
		if strings.HasPrefix(c.Name, "STORETEST_") {
			continue
		}
		for _, language := range []string{"EN", "DK", "SE", "NO", "FR", "DE"} {
			if c.Text[language] == "" {
				t.Errorf("%d %s has no text in %s", c.Number, c.Name, language)
			}
		}
	}
}
