package store

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"kreds/supervision"
)

// What the suite, which stands outside, may look at inside.

// Quiet is for engines of the suite.
var Quiet = quiet

// SQL is the database itself: the writer.
func (s *Store) SQL() *sql.DB { return s.pools[0] }

// SQLOf is the database's transaction under one of the house.
func SQLOf(tx *Tx) *sql.Tx { return tx.sqlTx() }

// ContextOf is what a transaction runs under.
func ContextOf(tx *Tx) context.Context { return tx.ctx }

// Watch has see told every statement that goes through GORM, with its arguments.
func (s *Store) Watch(see func(statement string, args []any)) {
	tell := func(db *gorm.DB) { see(db.Statement.SQL.String(), db.Statement.Vars) }
	watched := []*gorm.DB{s.write}
	if s.read != s.write {
		watched = append(watched, s.read)
	}
	for _, db := range watched {
		c := db.Callback()
		for _, err := range []error{
			c.Create().After("gorm:create").Register("suite:create", tell), c.Query().After("gorm:query").Register("suite:query", tell),
			c.Update().After("gorm:update").Register("suite:update", tell), c.Delete().After("gorm:delete").Register("suite:delete", tell),
			c.Row().After("gorm:row").Register("suite:row", tell), c.Raw().After("gorm:raw").Register("suite:raw", tell),
		} {
			if err != nil {
				panic(err)
			}
		}
	}
}

// Column is one column as a row struct has it.
type Column struct {
	Name string
	Type reflect.Type
	Key  bool
}

// Columns lists the columns of every row struct by table.
func Columns() map[string][]Column {
	tables := map[string][]Column{}
	for _, r := range rowStructs {
		s, err := schema.Parse(r, &sync.Map{}, schema.NamingStrategy{})
		if err != nil {
			panic(fmt.Errorf("%T: %w", r, err))
		}
		for _, f := range s.Fields {
			tables[r.TableName()] = append(tables[r.TableName()], Column{f.DBName, f.FieldType, f.PrimaryKey})
		}
	}
	return tables
}

// TakesNull says whether a column of this type can be read when it is null.
func TakesNull(t reflect.Type) bool {
	_, ok := reflect.New(t).Interface().(sql.Scanner)
	return ok || t.Kind() == reflect.Pointer || t == reflect.TypeFor[[]byte]()
}

// What the database says of a row, where no use case can cause it and it is put into no better words.
var (
	ErrForeign   = errForeign
	ErrDuplicate = errDuplicate
)

// Instants and documents, by which a test knows the columns that hold them.
var (
	InstantType = reflect.TypeFor[instant]()
	MaybeType   = reflect.TypeFor[maybe]()
)

// Document says whether a type is a value kept as JSON.
func Document(t reflect.Type) bool {
	d, ok := reflect.Zero(t).Interface().(interface{ GormDataType() string })
	return ok && d.GormDataType() == "json"
}

// AllSessions lists every session of the tenant.
func (tx *Tx) AllSessions() ([]supervision.Session, error) {
	return tx.sessions(many[sessionRow](tx.from("session").Order("t.id")))
}

// AllTokens lists every token of the tenant.
func (tx *Tx) AllTokens() ([]supervision.Token, error) {
	rows, err := many[tokenRow](tx.from("token").Order("t.id"))
	return each(rows, err, tokenRow.token)
}

// rowStructs is one of each; a test compares the list with the tables of the schema.
var rowStructs = []row{
	agendaRow{}, assignmentRow{}, attendanceRow{}, auditRow{}, busyRow{}, callKeyRow{}, changeRow{}, connectionRow{}, cursorRow{}, cycleRow{}, dataKeyRow{},
	declaredRow{}, deliveryRow{}, enrolmentRow{}, feedRow{}, groupRow{}, holidayRow{}, importRow{}, instanceRow{}, jobRow{}, lineRow{}, meetingRow{}, memberRow{},
	objectRow{}, occupancyRow{}, organisationRow{}, pairRow{}, partyRow{}, personRow{}, placementRow{}, planMentorRow{}, planRow{}, planSessionRow{}, preparationRow{},
	programmeRow{}, progressRow{}, roleRow{}, roundRow{}, runRow{}, sessionRow{}, templateRow{}, tenantRow{}, tokenRow{},
}
