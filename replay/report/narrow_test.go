package report_test

import (
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rator/replay"
	"rator/replay/compare"
	"rator/replay/report"
	"rator/suite"
)

// probe tells the page around it what of a report does not fit into its width, and how
// operations and the two sides of differences stand there.
const probe = `<script>addEventListener('load',()=>{
const wide=document.documentElement.clientWidth,shown=e=>e.getClientRects().length&&!e.closest('.scroll'),out=[],
 box=e=>e.getBoundingClientRect();
for(const e of document.querySelectorAll('td,th,p,li,h1,h2,summary,code,pre,label,input,small'))
 if(shown(e)&&!e.closest('details:not([open])>:not(summary)')&&(box(e).right>wide+1||box(e).left<-1||e.scrollWidth>e.clientWidth+1&&e.clientWidth>0))
  out.push(e.tagName+'.'+e.className+' '+Math.round(box(e).left)+'-'+Math.round(box(e).right)+' '+e.textContent.slice(0,40));
const lines=e=>{const r=document.createRange();r.selectNodeContents(e);return new Set([...r.getClientRects()].map(b=>Math.round(b.top))).size};
parent.postMessage(JSON.stringify({Scrolls:document.documentElement.scrollWidth>wide,Outside:out,Dark:matchMedia('(prefers-color-scheme: dark)').matches,
 Operations:[...document.querySelectorAll('td.operation')].filter(e=>shown(e)&&e.textContent.trim()).map(e=>({Name:e.textContent,Width:box(e).width,Lines:lines(e)})),
 Sides:[...document.querySelectorAll('.sides .counts td:not(.none)')].map(e=>({Width:box(e).width})),
 Colours:[...document.querySelectorAll('.pair .want,.pair .got,.sides .counts td,td.operation,.place')].map(e=>{let b=e;while(b&&getComputedStyle(b).backgroundColor=='rgba(0, 0, 0, 0)')b=b.parentElement;return [getComputedStyle(e).color,getComputedStyle(b).backgroundColor]})}),'*')})</script>`

// narrow is what the probe tells.
type narrow struct {
	Scrolls, Dark bool
	Outside       []string
	Operations    []struct {
		Name         string
		Width, Lines float64
	}
	Sides   []struct{ Width float64 }
	Colours [][2]string
}

var security = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`)

// inBrowser opens a report in a window of a width, in pixels.
func inBrowser(t *testing.T, page string, width int, flags ...string) narrow {
	t.Helper()
	dir := t.TempDir()
	page = strings.Replace(security.ReplaceAllString(page, ""), "<head>", "<head>"+probe, 1)
	outer := fmt.Sprintf(`<body><p id=w></p><iframe src=inner.html style="width:%dpx;height:3000px;border:0"></iframe>
<script>addEventListener('message',e=>{document.getElementById('w').textContent='told '+e.data})</script>`, width)
	for name, text := range map[string]string{"inner.html": page, "outer.html": outer} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--virtual-time-budget=5000", "--dump-dom"}, flags...)
	out, err := exec.CommandContext(t.Context(), "chromium", append(args, "file://"+filepath.Join(dir, "outer.html"))...).Output()
	if err != nil {
		t.Fatal(err)
	}
	told := regexp.MustCompile(`(?s)id="w">told (.*?)</p>`).FindSubmatch(out)
	if told == nil {
		t.Fatalf("the page tells nothing: %.2000s", out)
	}
	var n narrow
	if err := json.Unmarshal([]byte(html.UnescapeString(string(told[1]))), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// longNames is a playing whose names, paths and values are as long as they come.
func longNames() *playing {
	r := scenario("customers/"+strings.Repeat("long-folder/", 6)+"SOAP_GET_WEB_USER_PROFILE_INTERNAL", "SOAP_GET_WEB_USER_PROFILE_INTERNAL-of-a-customer", "charge")
	value := strings.Repeat("0123456789abcdef", 20)
	want := []byte("<a>\n<b>same</b>\n<c>" + value + "</c>\n</a>")
	played(r, "SOAP_GET_WEB_USER_PROFILE_INTERNAL", time.Millisecond, func(x *replay.Exchange) {
		different(x, want, []byte("<a>\n<b>same</b>\n<c>"+value[1:]+"</c>\n</a>"),
			compare.Difference{Path: "return/" + strings.Repeat("values[BILLING_GROUPS]/", 8) + "NAME", Kind: compare.Value, Want: value, Got: value[1:], Line: 3, Column: 4})
	})
	unplayed(r, "step 01 failed: nothing came for 202601010304050007", "01")
	return &playing{results: []*replay.Result{r}, summary: finish([]*replay.Result{r})}
}

// TestHTMLOnAPhone: at 360 pixels, in light and in dark, nothing stands outside of the
// window or in columns of a few letters, and what is read can be told from its ground.
func TestHTMLOnAPhone(t *testing.T) {
	suite.Foreign(t, "chromium", "chromium", "--version")
	full := everything(t)
	for name, page := range map[string]string{
		"everything": htmlOf(t, full, report.Options{Coverage: full.coverage, MaxP99: 50 * time.Millisecond}),
		"long":       htmlOf(t, longNames(), report.Options{}),
	} {
		for _, dark := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, dark %v", name, dark), func(t *testing.T) {
				var flags []string
				if dark {
					flags = []string{"--blink-settings=preferredColorScheme=0"}
				}
				n := inBrowser(t, page, 360, flags...)
				if n.Dark != dark {
					t.Fatalf("the browser's scheme is dark: %v", n.Dark)
				}
				if n.Scrolls || len(n.Outside) > 0 {
					t.Errorf("outside of the window: %v %s", n.Scrolls, strings.Join(n.Outside, "\n"))
				}
				if len(n.Operations) == 0 || len(n.Sides) == 0 || len(n.Colours) == 0 {
					t.Fatalf("%+v", n)
				}
				for _, o := range n.Operations {
					if o.Width < 150 || o.Lines > 2 {
						t.Errorf("the operation %s is %.0f pixels wide and has %.0f lines", o.Name, o.Width, o.Lines)
					}
				}
				for _, s := range n.Sides {
					if s.Width < 250 {
						t.Errorf("a side of a difference is %.0f pixels wide", s.Width)
					}
				}
				for _, c := range n.Colours {
					if contrast(t, c[0], c[1]) < 4.5 {
						t.Errorf("%s on %s cannot be read", c[0], c[1])
					}
				}
			})
		}
	}
}
