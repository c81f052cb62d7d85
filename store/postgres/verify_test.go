package postgres

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// TestVerifyFinds: what somebody changes past us is found and named.
func TestVerifyFinds(t *testing.T) {
	here := dsn(t, t.TempDir())
	db := filled(t, here)
	defer db.Close()
	things, event := db.schema.table("k_storetest_thing"), db.schema.table("event")
	seven := " where doc->>'Number'='7'"
	for name, c := range map[string]struct{ damage, mend, want string }{
		"a document":           {"update " + things + " set doc=replace(doc::text,'quoted','other')::json" + seven, "update " + things + " set doc=replace(doc::text,'other','quoted')::json" + seven, "the checksum is wrong"},
		"a version":            {"update " + things + " set version=version+1" + seven, "update " + things + " set version=version-1" + seven, "the checksum is wrong"},
		"a value":              {"update " + things + " set x_group='none'" + seven, "update " + things + " set x_group='group 0'" + seven, "the checksum is wrong"},
		"a value that is gone": {"update " + things + " set x_group=null" + seven, "update " + things + " set x_group='group 0'" + seven, "the checksum is wrong"},
		"an index":             {"drop index " + db.schema.table("i_storetest_thing_group"), db.schema.kinds["storetest_thing"].indexed(index{name: "group", column: `"x_group"`}), "i_storetest_thing_group is not there"},
		"an index that is not unique": {"drop index " + db.schema.table("u_storetest_thing_number") + "; create index u_storetest_thing_number on " + things + "(x_number)",
			"drop index " + db.schema.table("u_storetest_thing_number") + "; " + db.schema.kinds["storetest_thing"].indexed(index{name: "number", column: `"x_number"`, unique: true}), "u_storetest_thing_number is not there"},
		"a table":             {"create table " + db.schema.table("foreign") + "(n int)", "drop table " + db.schema.table("foreign"), "belongs to nothing"},
		"an event":            {"update " + event + " set topic='other' where topic='no.body'", "update " + event + " set topic='no.body' where topic='other'", "the checksum is wrong"},
		"an event to come":    {"update " + event + " set xid=(xid::text::bigint+1000000000)::text::xid8 where topic='no.body'", "update " + event + " set xid=(xid::text::bigint-1000000000)::text::xid8 where topic='no.body'", "of a transaction that has not been"},
		"a dropped event":     {"update " + db.schema.table("mark") + " set n=n+1 where name='gone'", "update " + db.schema.table("mark") + " set n=n-1 where name='gone'", "were dropped"},
		"the newest id":       {"update " + db.schema.table("mark") + " set n=n-100000000 where name='tick'", "update " + db.schema.table("mark") + " set n=n+100000000 where name='tick'", "above the newest"},
		"a version of copies": {"delete from " + db.schema.table("stable") + " where kind='storetest_steady'", "insert into " + db.schema.table("stable") + " values ('storetest_steady',7)", "storetest_steady has no version"},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, here, c.damage)
			var said []string
			records, err := db.Verify(t.Context(), func(fault error) { said = append(said, fault.Error()) })
			if err != nil || records != 295 || !strings.Contains(strings.Join(said, "\n"), c.want) {
				t.Errorf("%d records, %v, %q; want %q", records, err, said, c.want)
			}
			run(t, here, c.mend)
			if _, err := db.Verify(t.Context(), func(fault error) { t.Errorf("it is mended: %v", fault) }); err != nil {
				t.Error(err)
			}
		})
	}
}

// resum gives a row the checksum of what it has, as a program with a fault would.
func resum(t *testing.T, db *DB, k *kind, where string) {
	t.Helper()
	err := db.View(t.Context(), func(stx store.Tx) error {
		b, r := stx.(*tx).base, &row{values: make([]string, len(k.indexes))}
		columns, into := []string{"id", "version", "doc"}, []any{&r.id, &r.version, &r.doc}
		for i, x := range k.indexes {
			columns, into = append(columns, "coalesce("+x.column+",'')"), append(into, &r.values[i])
		}
		err := b.ask(statement{sql: "select " + strings.Join(columns, ",") + " from " + k.table + where, read: func(rows pgx.Rows) error { return rows.Scan(into...) }})
		if err != nil {
			return err
		}
		return db.trip(t.Context(), db.aside, []statement{{sql: "update " + k.table + " set sum=$1 where id=$2", args: []any{k.sum(r), int64(r.id)}}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestVerifyFindsWhatAddsUp: neither does a right checksum hide what is wrong.
func TestVerifyFindsWhatAddsUp(t *testing.T) {
	const seven = " where doc->>'Number'='7'"
	for name, c := range map[string]struct {
		damage []string
		want   string
	}{
		"a value that is missing":  {[]string{"update K set x_group=null" + seven}, "index group lacks it"},
		"a value of another":       {[]string{"update K set x_group='group 1'" + seven}, "index group has it under a value that is not its own"},
		"a unique value of two":    {[]string{"drop index S.u_storetest_thing_number", `update K set x_number='8', doc=replace(doc::text,'"Number":"7"','"Number":"8"')::json` + seven}, "another has the same value in the unique index number"},
		"an index that lacks some": {[]string{"update pg_index set indisready=false where indexrelid='S.i_storetest_thing_group'::regclass", "update K set x_group='group 5', doc=replace(doc::text,'group 0','group 5')::json" + seven, "update pg_index set indisready=true where indexrelid='S.i_storetest_thing_group'::regclass"}, "reindex table"},
	} {
		t.Run(name, func(t *testing.T) {
			here := dsn(t, t.TempDir())
			db := filled(t, here)
			defer db.Close()
			k := db.schema.kinds["storetest_thing"]
			for _, sql := range c.damage {
				run(t, here, strings.NewReplacer("K", k.table, "S", db.schema.name).Replace(sql))
			}
			where := seven
			if strings.Contains(name, "unique") {
				where = " where doc->>'Name'='name 7 æ'"
			}
			resum(t, db, k, where)
			var said []string
			if _, err := db.Verify(t.Context(), func(fault error) { said = append(said, fault.Error()) }); err != nil || !strings.Contains(strings.Join(said, "\n"), c.want) {
				t.Errorf("%q, %v; want %q", said, err, c.want)
			}
		})
	}
}
