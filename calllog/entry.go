package calllog

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
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

// appendTo appends the entry: its number, times in microseconds, numbers, texts
// with their lengths.
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
		to = append(binary.AppendUvarint(to, uint64(len(*s))), *s...)
	}
	to = binary.AppendUvarint(to, uint64(len(e.objects)))
	for _, id := range e.objects {
		to = binary.AppendUvarint(to, id)
	}
	return to
}

// texts are the fields that are kept as they are, in their order.
func (c *Call) texts() [7]*string {
	return [...]*string{&c.Hookpoint, &c.Operator, &c.RequestID, &c.Object, &c.Fault, &c.RequestType, &c.AnswerType}
}

var errEntry = errors.New("what is known of the calls does not read")

// entries reads all entries of a block.
func entries(segment uint64, src []byte) ([]entry, error) {
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
		for range min(d.uvarint(), uint64(len(d.left))) {
			e.objects = append(e.objects, d.uvarint())
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

// objectDigits is how long Rator's ids are (architecture.md 7).
const objectDigits = 18

// appendObjects appends the ids that are the whole text of an element, each once.
func appendObjects(to []uint64, message []byte) []uint64 {
	for i := 0; i+objectDigits+1 < len(message); i++ {
		if message[i] != '>' || message[i+objectDigits+1] != '<' {
			continue
		}
		if id, ok := objectID(message[i+1 : i+1+objectDigits]); ok && !slices.Contains(to, id) {
			to = append(to, id)
		}
	}
	return to
}

// objectID reads an id of 18 digits.
func objectID[T string | []byte](text T) (id uint64, ok bool) {
	if len(text) != objectDigits {
		return 0, false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		id = id*10 + uint64(text[i]-'0')
	}
	return id, true
}
