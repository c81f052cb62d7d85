package component

import (
	"rator/catalogue"
	"rator/failure"
	"rator/workflow/value"
)

const networkArea = "Network"

func init() {
	register(Component{
		Name: "check_device", Area: networkArea, Reads: true,
		Desc:  "Find a device by its MEID or IMEI, in hex or decimal, and fail unless it may be used with that ownership code. MEID is answered in the form of the device table.",
		In:    []Param{mandatory("MEID"), mandatory("OWNERSHIP_CODE")},
		Out:   []string{"MEID", "NAME", "STATUS", "OWNERSHIP_CODE"},
		Fails: []*failure.Code{catalogue.DoesNotExistInDB, catalogue.WrongOwnershipCode, catalogue.DeviceNotUsable},
		Run:   checkDevice,
	})
	register(Component{
		Name: "check_coverage", Area: networkArea, Reads: true,
		Desc:  "Fail unless the network reaches a zip code. CSA is the carrier's service area.",
		In:    []Param{mandatory("ZIP_CODE")},
		Out:   []string{"CSA", "NAME"},
		Fails: []*failure.Code{catalogue.NoCoverage},
		Run:   checkCoverage,
	})
}

func checkDevice(c *Call, in value.Tree) (value.Tree, error) {
	d, err := catalogue.CheckDevice(c.Tx, c.Brand, in.Text("MEID"), in.Text("OWNERSHIP_CODE"))
	if err != nil {
		return nil, err
	}
	id, _ := catalogue.DeviceID(in.Text("MEID"))
	return value.Tree{value.OfString("MEID", id), value.OfString("NAME", d.Name),
		value.OfString("STATUS", string(d.Status)), value.OfString("OWNERSHIP_CODE", d.OwnershipCode)}, nil
}

func checkCoverage(c *Call, in value.Tree) (value.Tree, error) {
	v, err := catalogue.CoverageOf(c.Tx, c.Brand, in.Text("ZIP_CODE"))
	if err != nil {
		return nil, err
	}
	return value.Tree{value.OfString("CSA", v.CSA), value.OfString("NAME", v.Name)}, nil
}
