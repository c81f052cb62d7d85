package calllog

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"time"
)

// entry is a call in a block: what is known of it, where its messages are in the
// block's messages, and which objects they mention.
type entry struct {
	Call
	request, answer int // lengths; a request is followed by its answer
	objects         []uint64
	offset          int // of the request; not kept, the sum of the lengths before
}

// appendTo appends the entry as blocks of the newest version have it: its number,
// times in microseconds, numbers, texts and lists with their lengths.
func (e *entry) appendTo(to []byte) []byte {
	to = binary.AppendUvarint(to, e.ID.Number)
	to = binary.AppendVarint(to, e.At.UnixMicro())
	to = binary.AppendVarint(to, e.Took.Microseconds())
	to = binary.AppendVarint(to, int64(e.Status))
	to = binary.AppendVarint(to, int64(e.ErrorCode))
	to = binary.AppendUvarint(to, uint64(e.request))
	to = binary.AppendUvarint(to, uint64(e.answer))
	remote := e.Remote.AsSlice()
	to = append(binary.AppendUvarint(to, uint64(len(remote))), remote...)
	for _, s := range e.texts() {
		to = appendText(to, *s)
	}
	to = appendIDs(to, e.objects)
	for _, s := range e.laterTexts() {
		to = appendText(to, *s)
	}
	to = binary.AppendUvarint(to, uint64(len(e.Hookpoints)))
	for _, s := range e.Hookpoints {
		to = appendText(to, s)
	}
	to = appendIDs(to, e.Accounts)
	to = binary.AppendVarint(to, e.AnswerBytes)
	return appendText(to, e.Server)
}

func appendText(to []byte, s string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(s))), s...)
}

func appendIDs(to []byte, ids []uint64) []byte {
	to = binary.AppendUvarint(to, uint64(len(ids)))
	for _, id := range ids {
		to = binary.AppendUvarint(to, id)
	}
	return to
}

// texts are the fields of texts that every version has, in their order.
func (c *Call) texts() [7]*string {
	return [...]*string{&c.Hookpoint, &c.Operator, &c.RequestID, &c.Object, &c.Fault, &c.RequestType, &c.AnswerType}
}

// laterTexts are those from version 2 on besides.
func (c *Call) laterTexts() [4]*string { return [...]*string{&c.Face, &c.Brand, &c.Method, &c.Target} }

var errEntry = errors.New("what is known of the calls does not read")

// entries reads all entries of a block of a version. Those of version 1 are all of
// the face that there was.
func entries(segment uint64, version int, src []byte) ([]entry, error) {
	d := numbers{left: src}
	var all []entry
	offset := 0
	for len(d.left) > 0 && !d.failed {
		e := entry{offset: offset}
		e.ID = ID{segment, d.uvarint()}
		e.At = time.UnixMicro(d.varint()).UTC()
		e.Took = time.Duration(d.varint()) * time.Microsecond
		e.Status, e.ErrorCode = int(d.varint()), int(d.varint())
		e.request, e.answer = int(d.uvarint()), int(d.uvarint())
		e.Remote, _ = netip.AddrFromSlice(d.bytes())
		for _, s := range e.texts() {
			*s = string(d.bytes())
		}
		e.objects = d.ids()
		if version == 1 {
			e.Face = FaceSOAP
		} else {
			for _, s := range e.laterTexts() {
				*s = string(d.bytes())
			}
			for range min(d.uvarint(), uint64(len(d.left))) {
				e.Hookpoints = append(e.Hookpoints, string(d.bytes()))
			}
			e.Accounts = d.ids()
			e.AnswerBytes = d.varint()
		}
		if version > 3 {
			e.Server = string(d.bytes())
		}
		if e.request < 0 || e.answer < 0 || offset+e.request+e.answer < offset {
			return nil, errEntry
		}
		offset += e.request + e.answer
		all = append(all, e)
	}
	if d.failed {
		return nil, errEntry
	}
	return all, nil
}

// numbers reads what binary.Append… wrote.
type numbers struct {
	left   []byte
	failed bool
}

func (d *numbers) uvarint() uint64 {
	n, size := binary.Uvarint(d.left)
	d.skip(size)
	return n
}

func (d *numbers) varint() int64 {
	n, size := binary.Varint(d.left)
	d.skip(size)
	return n
}

func (d *numbers) skip(size int) {
	if size <= 0 {
		d.failed, d.left = true, nil
		return
	}
	d.left = d.left[size:]
}

func (d *numbers) ids() (ids []uint64) {
	for range min(d.uvarint(), uint64(len(d.left))) {
		ids = append(ids, d.uvarint())
	}
	return ids
}

func (d *numbers) bytes() []byte {
	n := d.uvarint()
	if n > uint64(len(d.left)) {
		d.failed, d.left = true, nil
		return nil
	}
	b := d.left[:n]
	d.left = d.left[n:]
	return b
}
