package catalogue

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"rator/store"
)

// Device is a row of the device table: what the host network knows of one
// device, or of all whose MEID or IMEI starts alike (rator-api.md 3.3,
// SOAP_MANAGE_DEVICE). The longest start counts, so that one stolen device can
// stand beside its model.
type Device struct {
	Entry
	MEID          string       `key:"MEID"` // as DeviceID gives it, or the start of some
	Status        DeviceStatus `key:"STATUS"`
	OwnershipCode string       `key:"OWNERSHIP_CODE"` // such as PLBL; "" = any may be asked with
}

// DeviceStatus says whether a device may be used.
type DeviceStatus string

// The device statuses. Only a device that is deviceActive may be used.
const (
	deviceActive  DeviceStatus = "ACTIVE"
	deviceLost    DeviceStatus = "LOST"
	deviceStolen  DeviceStatus = "STOLEN"
	deviceBlocked DeviceStatus = "BLOCKED"
)

// devices are the rows of the device table kept.
var devices = define[Device]("device", DoesNotExistInDB)

func (d *Device) code() string { return d.MEID }

// CheckDevice finds the device that a MEID or IMEI names and says whether it may
// be used by who has ownership. It fails with DOES_NOT_EXIST_IN_DB when the text
// is no device id or the table does not know it, with WRONG_OWNERSHIP_CODE when
// the table has another one, with DEVICE_NOT_USABLE when it is lost, stolen or
// blocked.
func CheckDevice(tx store.Tx, brand *Brand, meid, ownership string) (*Device, error) {
	id, ok := DeviceID(meid)
	if !ok {
		return nil, DoesNotExistInDB.With("%.40q is no MEID or IMEI", meid)
	}
	d, err := longestStart(tx, devices, DoesNotExistInDB, brand, id)
	if err != nil {
		return nil, err
	}
	if d.OwnershipCode != "" && !strings.EqualFold(d.OwnershipCode, strings.TrimSpace(ownership)) {
		return nil, WrongOwnershipCode.With("%.20s", ownership)
	}
	if d.Status != deviceActive {
		return nil, DeviceNotUsable.With("%s", d.Status)
	}
	return d, nil
}

// DeviceID is the 14 digits (0 to F) that tell devices apart, of the forms they
// are written in, letter case, spaces and dashes aside: 14 of them alone; 15 with
// a check digit, which is not looked at since networks send 0 for it; 16 decimal
// ones, an IMEI with a software version; 18 decimal ones, a MEID whose first 8 and
// last 6 digits are written as 10 and 8 decimal ones.
func DeviceID(text string) (string, bool) {
	text = strings.NewReplacer(" ", "", "-", "", "/", "", ".", "").Replace(strings.ToUpper(text))
	decimal := len(text) == 16 || len(text) == 18
	if decimal && !decimals.MatchString(text) || !decimal && !deviceForm.MatchString(text) {
		return "", false
	}
	if len(text) != 18 {
		return text[:14], true
	}
	manufacturer, err := strconv.ParseUint(text[:10], 10, 32)
	if err != nil {
		return "", false
	}
	serial, err := strconv.ParseUint(text[10:], 10, 24)
	if err != nil {
		return "", false
	}
	return fmt.Sprintf("%08X%06X", manufacturer, serial), true
}

var (
	meidStart     = regexp.MustCompile(`^[0-9A-F]{4,14}$`)
	deviceForm    = regexp.MustCompile(`^[0-9A-F]{14,15}$`)
	decimals      = regexp.MustCompile(`^[0-9]+$`)
	ownershipCode = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,19}$`)
)

func (d *Device) check(c *checker, _ *Offer) {
	e := &d.Entry
	c.named(e)
	c.match(e, "meid", d.MEID, meidStart, "4 to 14 digits or letters A to F: a MEID in hex or an IMEI, without check digit, or the start of some")
	c.oneOf(e, "status", string(d.Status), string(deviceActive), string(deviceLost), string(deviceStolen), string(deviceBlocked))
	if e.source.has("ownership_code") {
		c.match(e, "ownership_code", d.OwnershipCode, ownershipCode, "at most 20 capitals, digits and _, starting with a letter")
	}
}
