package convert

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rator/replay/fixture"
)

// harFile is what is read of a HAR file (HAR 1.2).
type harFile struct {
	Log *struct {
		Version string     `json:"version"` // some exporters write none
		Entries []harEntry `json:"entries"`
	} `json:"log"`
}

type harEntry struct {
	Started string `json:"startedDateTime"` // ISO 8601
	Request struct {
		Method   string      `json:"method"`
		URL      string      `json:"url"`
		Headers  []harHeader `json:"headers"`
		PostData *harContent `json:"postData"`
	} `json:"request"`
	Response struct {
		Status  int         `json:"status"`
		Headers []harHeader `json:"headers"`
		Content harContent  `json:"content"`
	} `json:"response"`

	number int // in the file, from 1
	at     time.Time
}

type harHeader struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// HAR reads a HAR file: the entries that send XML become the exchanges of one
// scenario, or of one for each host, in the order in which they were sent. Secrets are
// taken out as contracts, their names and mask say, and become variables. Entries of
// other kinds are in Left. A file that is no HAR file is an *fixture.Error.
func HAR(file string, o Options) (result *Import, err error) {
	o.fill()
	src, err := o.read(file)
	if err != nil {
		return nil, err
	}
	har, err := parseHAR(file, src)
	if err != nil {
		return nil, err
	}
	if err := o.checkEntries(file, len(har.Log.Entries), "entries"); err != nil {
		return nil, err
	}
	h := &harReader{file: filepath.Base(file), result: &Import{}, secrets: newSecrets(o.Contracts), folders: map[string]*Folder{}}
	if v := har.Log.Version; v != "" && !strings.HasPrefix(v, "1.") {
		h.left("", "it is HAR "+v+", which is not known here; it is read as HAR 1.2")
	}
	defer h.at.caught(file, &result, &err)
	for _, e := range h.inOrder(har.Log.Entries) {
		h.at.where = fmt.Sprintf("entry %d", e.number)
		h.entry(e)
	}
	h.settle()
	h.result.count()
	return h.result, nil
}

func parseHAR(file string, src []byte) (*harFile, error) {
	var har harFile
	if err := json.Unmarshal(bytes.TrimPrefix(src, []byte("\xEF\xBB\xBF")), &har); err != nil {
		mistake := &fixture.Error{File: file, Message: "it is no HAR file: " + err.Error()}
		var syntax *json.SyntaxError
		var kind *json.UnmarshalTypeError
		at := int64(-1)
		if errors.As(err, &syntax) {
			at = syntax.Offset
		} else if errors.As(err, &kind) {
			at = kind.Offset
		}
		if at >= 0 {
			mistake.Line, mistake.Column = fixture.Place(string(src), int(min(at, int64(len(src)))))
		}
		return nil, mistake
	}
	if har.Log == nil || har.Log.Entries == nil {
		return nil, &fixture.Error{File: file, Message: "it is no HAR file: it has no log with entries"}
	}
	return &har, nil
}

type harReader struct {
	file    string
	result  *Import
	secrets *secrets
	hosts   []string
	folders map[string]*Folder // by host
	at      reading
}

func (h *harReader) left(where, what string) {
	h.result.Left = append(h.result.Left, Left{File: h.file, Where: where, What: h.secrets.hidden(what)})
}

// inOrder are the entries by the time they were sent: exporters write them as they
// ended, or by page. One without a time stays behind the one before it.
func (h *harReader) inOrder(entries []harEntry) []*harEntry {
	all := make([]*harEntry, len(entries))
	var last time.Time
	unknown := 0
	for i := range entries {
		e := &entries[i]
		all[i], e.number = e, i+1
		if at, err := harTime(e.Started); err == nil {
			last = at
		} else {
			unknown++
		}
		e.at = last
	}
	if unknown > 0 && unknown < len(entries) {
		h.left("", fmt.Sprintf("%d of its %d entries have no startedDateTime that can be read; each is put behind the one before it", unknown, len(entries)))
	}
	slices.SortStableFunc(all, func(a, b *harEntry) int { return a.at.Compare(b.at) })
	return all
}

// harTime reads a time as HAR has it, and as some write its zone.
func harTime(text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, err = time.Parse("2006-01-02T15:04:05Z0700", text)
	}
	return at, err
}

// settle puts the folders together, with the path of each.
func (h *harReader) settle() {
	for _, host := range h.hosts {
		f := h.folders[host]
		c := &testCase{folder: f}
		c.settle()
		if len(h.hosts) == 1 {
			h.result.Folder = *f
		} else {
			f.Name = freeName(&h.result.Folder, host)
			h.result.Folders = append(h.result.Folders, f)
		}
	}
	h.secrets.needed(&h.result.Folder)
	if told := h.secrets.told(&h.result.Folder); told != "" {
		h.left("", told)
	}
}
