package catalogue

import (
	"regexp"
	"strings"

	"rator/store"
)

// Device is a row of the device table: what the host network knows of one
// device, or of all whose MEID or IMEI starts alike (rator-api.md 3.3,
// SOAP_MANAGE_DEVICE). The longest start counts, so that one stolen device can
// stand beside its model.
type Device struct {
	Entry
	Brand         string       // key of its brand
	MEID          string       `key:"MEID"` // MEID or IMEI, or the start of some; capitals, digits
	Status        DeviceStatus `key:"STATUS"`
	OwnershipCode string       `key:"OWNERSHIP_CODE"` // such as PLBL; "" = any may be asked with
}

// DeviceStatus says whether a device may be used.
type DeviceStatus string

// The device statuses. Only a device that is DeviceActive may be used.
const (
	DeviceActive  DeviceStatus = "ACTIVE"
	DeviceLost    DeviceStatus = "LOST"
	DeviceStolen  DeviceStatus = "STOLEN"
	DeviceBlocked DeviceStatus = "BLOCKED"
)

// Devices are the rows of the device table kept.
var Devices = define[Device]("device", DoesNotExistInDB)

func (d *Device) brand() string { return d.Brand }
func (d *Device) code() string  { return d.MEID }

// CheckDevice finds the device that a MEID or IMEI names, spaces and dashes
// aside, and says whether it may be used by who has ownership. It fails with
// DOES_NOT_EXIST_IN_DB when the table does not know it, with WRONG_OWNERSHIP_CODE
// when the table has another one, with DEVICE_NOT_USABLE when it is lost, stolen
// or blocked.
func CheckDevice(tx store.Tx, brand *Brand, meid, ownership string) (*Device, error) {
	d, err := longestStart(tx, Devices, DoesNotExistInDB, brand, plainMEID(meid))
	if err != nil {
		return nil, err
	}
	if d.OwnershipCode != "" && !strings.EqualFold(d.OwnershipCode, strings.TrimSpace(ownership)) {
		return nil, WrongOwnershipCode.With("%.20s", ownership)
	}
	if d.Status != DeviceActive {
		return nil, DeviceNotUsable.With("%s", d.Status)
	}
	return d, nil
}

// plainMEID is a device id as the table has it.
func plainMEID(text string) string {
	return strings.NewReplacer(" ", "", "-", "", "/", "", ".", "").Replace(strings.ToUpper(text))
}

var (
	meidStart     = regexp.MustCompile(`^[0-9A-F]{4,18}$`)
	ownershipCode = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,19}$`)
)

func (d *Device) check(c *checker) {
	e := &d.Entry
	c.named(e)
	c.match(e, "meid", d.MEID, meidStart, "4 to 18 digits or letters A to F: a MEID or IMEI, or the start of some")
	c.oneOf(e, "status", string(d.Status), string(DeviceActive), string(DeviceLost), string(DeviceStolen), string(DeviceBlocked))
	if e.source.has("ownership_code") {
		c.match(e, "ownership_code", d.OwnershipCode, ownershipCode, "at most 20 capitals, digits and _, starting with a letter")
	}
}
