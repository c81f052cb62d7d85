package hookpoints_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rator/catalogue"
	"rator/server/scratch"
	"rator/server/servertest"
	"rator/workflow/contract"
)

// catalogueKeys are the keys of what brand DEMO sells, by id.
func catalogueKeys(t *testing.T) map[string]string {
	t.Helper()
	file, mistakes := catalogue.Load("demo.toml", catalogue.Demo())
	for _, m := range mistakes {
		t.Fatal(m)
	}
	keys := map[string]string{}
	demo := file.Brands[0]
	for _, p := range demo.RatePlans {
		keys[p.CatalogueID] = p.Code
	}
	for _, p := range demo.ProductConfigs {
		keys[p.CatalogueID] = p.Code
	}
	for _, i := range demo.ChargeItems {
		keys[i.CatalogueID] = i.Code
	}
	for _, top := range demo.Options {
		for _, o := range append([]*catalogue.Option{top}, top.Below()...) {
			keys[o.CatalogueID] = o.OptionKey
		}
	}
	return keys
}

// recordedID is an id with its key, in either order.
var recordedID = regexp.MustCompile(`<key>([A-Z0-9_]+)</key>\s*<value[^>]*>([0-9]{18})</value>|<value[^>]*>([0-9]{18})</value>\s*<key>([A-Z0-9_]+)</key>`)

// TestCatalogueKeysCountAsIDs plays every recorded exchange that succeeds and sends a
// catalogue id with the key in its place, and wants the answer that was recorded.
// Every value of a contract that takes either is met.
func TestCatalogueKeysCountAsIDs(t *testing.T) {
	keys, dir := catalogueKeys(t), t.TempDir()
	soap := filepath.Join(dir, "testdata", "soap")
	met := map[string]bool{} // hookpoint and key
	requests, err := filepath.Glob(filepath.Join(servertest.Scenarios, "*", "*.request.xml"))
	if err != nil {
		t.Fatal(err)
	}
	changed := map[string]bool{} // folders
	hookpoint := regexp.MustCompile(`<hookpointKey>([^<]*)</hookpointKey>`)
	replaced := map[string]string{}
	for _, file := range requests {
		request := servertest.Read(t, file)
		response, err := os.ReadFile(strings.Replace(file, ".request.", ".response.", 1))
		called := hookpoint.FindStringSubmatch(request)
		if err != nil || called == nil || !strings.Contains(string(response), "<errorCode>0</errorCode>") {
			continue
		}
		with := recordedID.ReplaceAllStringFunc(request, func(entry string) string {
			m := recordedID.FindStringSubmatch(entry)
			name, id := m[1]+m[4], m[2]+m[3]
			key := keys[id]
			if key == "" {
				return entry
			}
			met[called[1]+" "+name] = true
			return strings.Replace(entry, id, key, 1)
		})
		if with != request {
			changed[filepath.Dir(file)], replaced[filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file)] = true, with
		}
	}
	for _, shared := range []string{"clients/hookpoints", "soap/hookpoints"} {
		if err := os.CopyFS(filepath.Join(dir, "testdata", shared), os.DirFS(filepath.Join(servertest.Scenarios, "..", shared))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"scenario.toml", "catalogue.toml"} {
		servertest.Write(t, soap, name, servertest.Read(t, filepath.Join(servertest.Scenarios, name)))
	}
	for from := range changed {
		if err := os.CopyFS(filepath.Join(soap, filepath.Base(from)), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	for name, with := range replaced {
		servertest.Write(t, soap, name, with)
	}
	servertest.Play(t, soap, func(*scratch.Server) {})
	takeEither := 0
	for _, c := range servertest.ShippedSet(t).Contracts() {
		eachValue(c.Request, func(v *contract.Value) {
			if v.Pattern == nil || !v.Pattern.MatchString("201401010000000202") || !v.Pattern.MatchString("PLAN_A") || v.Pattern.MatchString("7") {
				return
			}
			if takeEither++; !met[c.Hookpoint+" "+v.Key] {
				t.Errorf("no recorded exchange of %s sends a catalogue id as %s", c.Hookpoint, v.Key)
			}
		})
	}
	if takeEither == 0 {
		t.Error("no contract takes an id or a key")
	}
}

func eachValue(vs []*contract.Value, fn func(*contract.Value)) {
	for _, v := range vs {
		fn(v)
		eachValue(v.Values, fn)
	}
}
