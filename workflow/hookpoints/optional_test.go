package hookpoints_test

import (
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rator/failure"
	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/hookpoints"
	"rator/workflow/script"
)

var update = flag.Bool("update", false, "write the table of docs/integrate.md")

// optional are the contracts without a script.
func optional(t *testing.T) []*contract.Contract {
	t.Helper()
	var found []*contract.Contract
	all := parsed(t)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if _, err := fs.Stat(hookpoints.Folders, key+"/workflow.star"); err == nil {
			continue
		}
		if !all[key].Optional {
			t.Errorf("%s has no script and is not optional", key)
		}
		found = append(found, all[key])
	}
	return found
}

// TestOptionalContractsSayWhatIsAsked: the shipped scripts ask every optional hookpoint,
// and give all that its contract declares and nothing else.
func TestOptionalContractsSayWhatIsAsked(t *testing.T) {
	env := script.Env{Component: component.ByName, ComponentNames: component.Names(), Contracts: parsed(t), Code: failure.ByName}
	asked := map[string]bool{}
	for _, c := range optional(t) {
		asked[c.Hookpoint] = false
		for _, v := range c.Request {
			v.Mandatory = true // then a script that leaves it out is wrong
		}
		env.Contracts[c.Hookpoint] = c
	}
	for key := range env.Contracts {
		file := key + "/workflow.star"
		src, err := fs.ReadFile(hookpoints.Folders, file)
		if err != nil {
			continue
		}
		_, mistakes := script.Compile(file, src, key, env)
		for _, m := range mistakes {
			t.Error(m)
		}
		for _, hook := range regexp.MustCompile(`hook\(\s*"([^"]+)"(, key =)?`).FindAllStringSubmatch(string(src), -1) {
			if _, known := asked[hook[1]]; !known {
				t.Errorf("%s asks %s, which has no contract", key, hook[1])
				continue
			}
			asked[hook[1]] = true
			if dynamic := env.Contracts[hook[1]].DynamicKey; (dynamic != "") != (hook[2] != "") {
				t.Errorf("%s asks %s with %q, and its contract says %q", key, hook[1], hook[2], dynamic)
			}
		}
	}
	for key, is := range asked {
		if !is {
			t.Errorf("nothing asks %s", key)
		}
	}
}

// TestOptionalContractsNameTheirFields: objects have the keys of the components that the
// scripts have them from. A billing group is passed on with more than a script may name.
func TestOptionalContractsNameTheirFields(t *testing.T) {
	from := map[string]string{
		"SUBSCRIPTION": "subscription_view", "USERS/USER": "user_view", "BILLING_GROUP": "billing_group",
		"PRODUCT_CONFIG": "product_config", "SUBSCRIPTION_TERMINATION": "due_termination",
	}
	for _, c := range optional(t) {
		for _, v := range c.Request {
			path := v.Key
			if v.Key == "USERS" {
				v, path = v.Values[0], path+"/"+v.Values[0].Key
			}
			if from[path] == "" {
				continue
			}
			got, want := slices.Sorted(slices.Values(contract.Keys(v.Values))), slices.Sorted(slices.Values(component.ByName(from[path]).Out))
			if path == "BILLING_GROUP" {
				got = slices.DeleteFunc(got, func(key string) bool { return !slices.Contains(want, key) })
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s of %s has %s, and %s gives %s", path, c.Hookpoint, got, from[path], want)
			}
		}
	}
}

// TestTableOfOptionalHookpoints: docs/integrate.md lists what a site may bind as the
// contracts say it. -update writes it.
func TestTableOfOptionalHookpoints(t *testing.T) {
	var table strings.Builder
	table.WriteString("| key | dynamic key | objects | answer | when |\n|---|---|---|---|---|\n")
	for _, c := range optional(t) {
		answer := ""
		for _, v := range c.Response {
			answer += v.Key
			if v.Desc != "" {
				answer += ": " + v.Desc
			}
		}
		table.WriteString("| `" + c.Hookpoint + "` | " + c.DynamicKey + " | " + strings.Join(contract.Keys(c.Request), ", ") + " | " + answer + " | " + c.Desc + " |\n")
	}
	written := strings.ReplaceAll(table.String(), "|  |", "| |")
	const begin, end = "<!-- of the contracts: -->\n", "<!-- so far -->\n"
	file := filepath.Join("..", "..", "docs", "integrate.md")
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(src), begin)
	old, after, ended := strings.Cut(rest, end)
	switch {
	case !found || !ended:
		t.Fatal("docs/integrate.md has no place for the table")
	case old == written:
	case *update:
		if err := os.WriteFile(file, []byte(before+begin+written+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("docs/integrate.md has another table; go test ./workflow/hookpoints -update writes it:\n%s", written)
	}
}
