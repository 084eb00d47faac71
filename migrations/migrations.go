// Package migrations holds the schema as numbered steps, one set for each dialect, embedded. The steps own the schema:
// nothing else creates or changes a table. A step must hold with the program before it and the one after it.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed postgres/*.sql sqlite/*.sql
var files embed.FS

// Postgres are the steps for PostgreSQL.
func Postgres() fs.FS { return sub("postgres") }

// SQLite are the steps for SQLite.
func SQLite() fs.FS { return sub("sqlite") }

func sub(dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the folders are embedded above
	}
	return f
}
