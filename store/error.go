package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	sqlitedriver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"kreds/supervision"
)

// What the databases say, told apart once, here.
var (
	errDuplicate = errors.New("store: there is one already")
	errForeign   = errors.New("store: it refers to what is not there")
	errTaken     = errors.New("store: somebody is taken at that time")
	errLocked    = errors.New("store: somebody else holds the row")
)

// classify turns an error of a driver into one of ours: "run again", a condition that the caller names in its own words, or
// an error of the house.
func classify(err error) error {
	if err == nil {
		return nil
	}
	var ours *supervision.Error
	if errors.As(err, &ours) || errors.Is(err, errAgain) {
		return err
	}
	var pg *pgconn.PgError
	var lite *sqlitedriver.Error
	var netErr net.Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound), errors.Is(err, sql.ErrNoRows):
		return supervision.Absent()
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &supervision.Error{Kind: supervision.Unavailable, Code: "timeout", Detail: "This took too long and was stopped. Send it again.", Err: err}
	case errors.As(err, &pg):
		return classifyPostgres(pg)
	case errors.As(err, &lite):
		return classifySQLite(lite)
	case errors.As(err, &netErr), errors.Is(err, sql.ErrConnDone):
		return unavailable(err)
	}
	return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: err}
}

// Codes of PostgreSQL's appendix A.
func classifyPostgres(e *pgconn.PgError) error {
	switch e.Code {
	case "23505":
		return fmt.Errorf("%w: %s", errDuplicate, e.ConstraintName)
	case "23503":
		return fmt.Errorf("%w: %s", errForeign, e.ConstraintName)
	case "23P01":
		return errTaken
	case "40001", "40P01":
		return errAgain
	case "55P03":
		return errLocked
	case "53100":
		return diskFull(e)
	}
	switch e.Code[:2] {
	case "08", "53", "57":
		return unavailable(e)
	}
	return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: fmt.Errorf("store: postgres %s: %s", e.Code, e.Message)}
}

// Result codes of SQLite; the low byte is the primary one.
func classifySQLite(e *sqlitedriver.Error) error {
	switch code := e.Code(); {
	case code == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w: %s", errDuplicate, e.Error())
	case code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return errForeign
	case code == sqlite3.SQLITE_CONSTRAINT_TRIGGER && strings.Contains(e.Error(), "occupancy_apart"):
		return errTaken
	case code&0xff == sqlite3.SQLITE_BUSY || code&0xff == sqlite3.SQLITE_LOCKED:
		return errAgain
	case code&0xff == sqlite3.SQLITE_FULL:
		return diskFull(e)
	case code&0xff == sqlite3.SQLITE_IOERR || code&0xff == sqlite3.SQLITE_CANTOPEN:
		return unavailable(e)
	}
	return &supervision.Error{Kind: supervision.Internal, Code: "internal", Err: e}
}

func unavailable(err error) error {
	return &supervision.Error{Kind: supervision.Unavailable, Code: "unavailable", Detail: "The database does not answer. Nothing is lost; send it again in a moment.", Err: err}
}

func diskFull(err error) error {
	return &supervision.Error{Kind: supervision.Unavailable, Code: "storage-full", Detail: "There is no space left to keep this. Nothing was changed.", Err: err}
}

// duplicate says whether an error is that there is one already.
func duplicate(err error) bool { return errors.Is(err, errDuplicate) }
