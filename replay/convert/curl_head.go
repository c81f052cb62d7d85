package convert

import (
	"fmt"
	"maps"
	"slices"
)

// head writes what stands before the requests.
func (w *curlWriter) head(requests int) {
	b := &w.script
	fmt.Fprintf(b, "#!/bin/sh\n# %s: %d requests, sent with curl.\n", oneLine(w.scenario.Name), requests)
	if d := w.scenario.Config.Description; d != "" {
		fmt.Fprintf(b, "# %s\n", oneLine(d))
	}
	b.WriteString(`#
# ENDPOINT=http://host:port/path sh FILE
#
# Answers are compared when rator is in the PATH, or is named by $RATOR; else only their
# statuses are judged. Exit code 0 when all is as expected, 1 when something is not, 2
# when a variable or rator is missing, 3 when the endpoint does not answer.
`)
	if n := len(w.report.Left); n > 0 {
		fmt.Fprintf(b, "# Of the scenario %d things are not in it, which the export told.\n", n)
	}
	b.WriteString(`: "${ENDPOINT:=}"
[ -n "$ENDPOINT" ] || { echo "set ENDPOINT, such as http://127.0.0.1:8080/path" >&2; exit 2; }
rator_base=$(printf '%s\n' "$ENDPOINT" | sed 's|^\([a-zA-Z]*://[^/]*\).*|\1|')
`)
	w.variables()
	b.WriteString(headScript)
	if len(w.links) > 0 {
		b.WriteString(`[ "$rator_command" ] || { echo "set RATOR to the program rator: later requests need values of answers, which it takes" >&2; exit 2; }
`)
	} else {
		b.WriteString(`[ "$rator_command" ] || echo "rator is not in the PATH: only statuses are judged" >&2
`)
	}
}

// variables sets those of the scenario that the environment does not, and asks for those
// that nobody sets.
func (w *curlWriter) variables() {
	b := &w.script
	values := w.scenario.Config.Variables
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !w.taken["${"+name+"}"] {
			shell := w.shell("${" + name + "}")
			fmt.Fprintf(b, "[ \"${%s+set}\" ] || %s=%s\n", shell, shell, singleQuoted(values[name]))
		}
	}
	slices.Sort(w.used)
	for _, name := range slices.Compact(w.used) {
		_, has := values[name]
		shell := w.shell("${" + name + "}")
		switch {
		case has || w.taken["${"+name+"}"]:
		case name == "repetition":
			fmt.Fprintf(b, ": \"${%s:=1}\"\n", shell)
		case name == "unique":
			fmt.Fprintf(b, ": \"${%s:=$(date +%%s)$$}\"\n", shell)
		default:
			fmt.Fprintf(b, "[ \"${%s+set}\" ] || { echo \"set %s\" >&2; exit 2; }\n", shell, shell)
		}
	}
}

const headScript = `
rator_work=$(mktemp -d) || exit 2
trap 'rm -rf "$rator_work"' EXIT
rator_bad=0
rator_command=$(command -v "${RATOR:-rator}")

# send LABEL STATUS METHOD URL HEADER…: sends $rator_work/body.
send() {
	rator_label=$1 rator_expected=$2 rator_method=$3 rator_url=$4
	shift 4
	rator_met=1
	: >"$rator_work/taken"
	rator_status=$(curl -sS -g -o "$rator_work/answer" -w '%{http_code} %{content_type}' -X "$rator_method" "$@" --data-binary @"$rator_work/body" "$rator_url") || exit 3
	rator_type=${rator_status#* } rator_status=${rator_status%% *}
	case " $rator_expected " in
	*" $rator_status "* | "  ") echo "$rator_label: $rator_status" ;;
	*) echo "$rator_label: $rator_status, not $rator_expected" >&2; rator_bad=1 rator_met= ;;
	esac
}

# expect FLAG…: compares the last answer with the one that is expected, on standard input.
expect() {
	cat >"$rator_work/expected"
	[ "$rator_command" ] || return 0
	"$rator_command" compare --content-type="$rator_type" "$@" "$rator_work/expected" "$rator_work/answer" >&2 ||
		{ echo "$rator_label: another answer than expected" >&2; rator_bad=1 rator_met=; }
}

# needed: ends the script when the last answer is not as expected.
needed() {
	[ "$rator_met" ] || { echo "$rator_label: later requests need something of it; they are not sent" >&2; exit 1; }
}

# taken RECORDED: what came in the last answer for what stands in the recording.
taken() {
	while IFS= read -r rator_line; do
		case $rator_line in
		"$1	"?*) printf '%s\n' "${rator_line#"$1	"}"; return 0 ;;
		esac
	done <"$rator_work/taken"
	printf '%s\n' "$rator_label: nothing came for $1, which later requests need" >&2
	return 1
}

# as_xml TEXT: the text as it stands in XML.
as_xml() {
	printf '%s\n' "$1" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g'
}

`
