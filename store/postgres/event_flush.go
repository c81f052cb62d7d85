package postgres

import (
	"slices"

	"rator/store"
)

// events writes events, each with the number of the transaction of the database, and beside
// them the batch's witness.
func (b *batch) events() {
	e := &b.t.events
	if len(e.dropped) > 0 {
		transactions, places := placesOf(e.dropped)
		b.add(statement{sql: "delete from " + b.table("event") + " where (xid,n) in (select x::xid8,n from unnest($1::text[],$2::int[]) v(x,n))", args: []any{transactions, places}})
		b.add(statement{sql: "update " + b.table("mark") + " set n=greatest(n,$1) where name='gone'", args: []any{slices.Max(e.dropped)}})
	}
	for _, r := range e.rewritten {
		if r.Cursor >= firstOwn {
			continue // it is written as it is now
		}
		transaction, n := placeOf(r.Cursor)
		b.add(statement{sql: "update " + b.table("event") + " set brand=$3,account=$4,about=$5,body=$6,sum=$7 where xid=$1::text::xid8 and n=$2",
			args: []any{transaction, n, r.Brand, int64(r.Account), aboutOf(r), body(r), eventSum(r)}})
	}
	b.joined.write("insert into "+b.table("witness")+" values ($1,"+b.table("recent")+"($2))", b.witness, b.t.oldestID())
	if len(e.emitted) == 0 {
		return
	}
	var (
		ids, accounts, ats           []int64
		topics, brands, abouts, docs []string
		sums                         []int32
	)
	for _, e := range e.own() {
		ids, accounts, ats = append(ids, int64(e.ID)), append(accounts, int64(e.Account)), append(ats, e.At.UnixMicro())
		topics, brands, abouts, docs = append(topics, e.Topic), append(brands, e.Brand), append(abouts, aboutOf(e)), append(docs, string(e.Body))
		sums = append(sums, eventSum(e))
	}
	if len(ids) == 1 {
		doc := (*string)(nil)
		if docs[0] != "" {
			doc = &docs[0]
		}
		b.joined.write("insert into "+b.table("event")+"(xid,n,id,at,topic,brand,account,about,body,sum)"+
			" values ("+b.t.db.based("pg_current_xact_id()")+",1,$1,timestamptz 'epoch'+$2::bigint*interval '1 microsecond',$3,$4,$5,$6,$7::json,$8)",
			ids[0], ats[0], topics[0], brands[0], accounts[0], abouts[0], doc, sums[0])
		return
	}
	b.joined.write("insert into "+b.table("event")+"(xid,n,id,at,topic,brand,account,about,body,sum)"+
		" select "+b.t.db.based("pg_current_xact_id()")+",o,i,timestamptz 'epoch'+a*interval '1 microsecond',t,b,c,s,nullif(d,'')::json,m"+
		" from unnest($1::bigint[],$2::bigint[],$3::text[],$4::text[],$5::bigint[],$6::text[],$7::text[],$8::int[]) with ordinality e(i,a,t,b,c,s,d,m,o)",
		ids, ats, topics, brands, accounts, abouts, docs, sums)
}

func placesOf(cursors []int64) (transactions []string, places []int32) {
	for _, cursor := range cursors {
		transaction, n := placeOf(cursor)
		transactions, places = append(transactions, transaction), append(places, n)
	}
	return transactions, places
}

func body(e store.Event) *string {
	if len(e.Body) == 0 {
		return nil
	}
	text := string(e.Body)
	return &text
}
