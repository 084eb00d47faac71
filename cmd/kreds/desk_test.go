package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// desk is where one person works with khal, on a folder that vdirsyncer keeps in step with their calendar on Radicale.
type desk struct {
	*pilot
	dir string
}

const vdirsyncerConfig = `[general]
status_path = "%[1]s/status"
[pair work]
a = "local"
b = "remote"
collections = null
[storage local]
type = "filesystem"
path = "%[1]s/calendar"
fileext = ".ics"
[storage remote]
type = "caldav"
url = "%[2]s"
username = "%[3]s"
password = "%[4]s"
`

const khalConfig = `[calendars]
[[work]]
path = %[1]s/calendar
[locale]
timeformat = %%H:%%M
dateformat = %%Y-%%m-%%d
longdateformat = %%Y-%%m-%%d
datetimeformat = %%Y-%%m-%%d %%H:%%M
longdatetimeformat = %%Y-%%m-%%d %%H:%%M
local_timezone = Europe/Copenhagen
default_timezone = Europe/Copenhagen
[default]
default_calendar = work
[sqlite]
path = %[1]s/khal.db
`

// desk opens one, in step with the calendar as it is now.
func (p *pilot) desk(user string) *desk {
	p.t.Helper()
	d := &desk{p, p.t.TempDir()}
	if err := os.Mkdir(filepath.Join(d.dir, "calendar"), 0o700); err != nil {
		p.t.Fatal(err)
	}
	for name, text := range map[string]string{
		"vdirsyncer": fmt.Sprintf(vdirsyncerConfig, d.dir, p.calendars[user], user, p.passwords[user]),
		"khal":       fmt.Sprintf(khalConfig, d.dir),
	} {
		if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o600); err != nil {
			p.t.Fatal(err)
		}
	}
	p.exec("y\ny\n", "vdirsyncer", "-c", filepath.Join(d.dir, "vdirsyncer"), "discover")
	d.sync()
	return d
}

// sync brings folder and calendar in step.
func (d *desk) sync() {
	d.t.Helper()
	d.exec("", "vdirsyncer", "-c", filepath.Join(d.dir, "vdirsyncer"), "sync")
}

// khal runs khal and returns what it prints.
func (d *desk) khal(args ...string) string {
	d.t.Helper()
	return d.exec("", "khal", append([]string{"-c", filepath.Join(d.dir, "khal")}, args...)...)
}
